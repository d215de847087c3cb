/**
 * The form that every connection type fills in, built-in or not, and the suite that holds it to that.
 * @module
 */
export * from "../contract/index.js";
export { type ContractCase, contractCases } from "../contract/suite.js";
export type { ParamMap, ParamValue, ProjectFeature } from "../contract/walk.js";
export { readParams, writeParams } from "../contract/walk.js";
export { connectionOf, connectionSettings, managedSecret, secret, text } from "../model/schema.js";
export { defineRule } from "../rules/define.js";
export type { Rule, Tree } from "../rules/index.js";
