/**
 * The authoring entry: everything a settings file imports. No dependency at run time.
 * @module
 */
import type { ConnectionFunctions } from "./authoring.generated.js";
import { type CommonScope, createAuthoring } from "./dsl/authoring.js";
import { connectionFunctions } from "./functions.generated.js";

/** What the body of a project receives: the functions that declare what belongs to it. */
export interface Scope extends ConnectionFunctions, CommonScope<Scope> {}

const authoring = createAuthoring<Scope>(connectionFunctions);

export const project = authoring.project;
export const settings = authoring.settings;

export type * from "./authoring.generated.js";
export { type Config, config, type Ownership } from "./config/authoring.js";
export type { CommonScope, ProjectOptions, SubProjectOptions } from "./dsl/authoring.js";
export { type Input, type InputSpecs, type InputValues, input } from "./dsl/inputs.js";
export { acknowledge, connectionRef, secret, storedSecret, token } from "./dsl/secrets.js";
export type { Acknowledgement, Connection, Declaration, Secret } from "./model/values.js";
