/** What a connection type must say, and the walkers that interpret it. The public entry is `plugboard/contract`. */

export type {
  Check,
  Complaint,
  ConnectionAddress,
  ConnectionType,
  Derived,
  Fixture,
  Guide,
} from "./define.js";
export { defineConnection } from "./define.js";
export { hasParameterReference, hostUrl, httpUrl, matching } from "./formats.js";
export type { CheckContext, Format, FormatComplaint, Target } from "./params.js";
export * as param from "./params.js";
