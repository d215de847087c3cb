/** The ID of the project above all others. It is the one ID that starts with an underscore. */
export const ROOT_PROJECT_ID = "_Root";

/** The name that TeamCity gives the Root project. */
export const ROOT_PROJECT_NAME = "<Root project>";

/** The longest external ID that TeamCity's server takes. */
export const MAX_ID_LENGTH = 225;

/** The longest external ID that TeamCity's documentation promises to take. */
export const SAFE_ID_LENGTH = 80;

/** Tells whether a text can be the external ID of a project, or of a connection whose IDs follow the same rule. */
export function isExternalId(text: string): boolean {
  return text.length <= MAX_ID_LENGTH && /^[A-Za-z]\w*$/.test(text);
}
