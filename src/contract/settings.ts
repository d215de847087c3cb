import * as z from "zod";

/** Settings that connection types of several providers have, because TeamCity treats them alike. */

/** Of every type that logs users in: whether the address they come back to is the connection's own. */
export const useUniqueRedirect = z
  .boolean()
  .describe("Use a callback URL that belongs to this connection alone, as a guard against mix-up attacks.")
  .optional();
