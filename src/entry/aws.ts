/**
 * AWS facts that follow from settings.
 * @module
 */
export { externalId } from "../connections/aws/index.js";
export { isRoleArn } from "../services/aws/arn.js";
export { regions, stsEndpoint } from "../services/aws/regions.js";
