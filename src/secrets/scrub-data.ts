import { scrub } from "./scrub.js";

/** A copy of data whose texts hold no secret. Throws where it is no data: reports could not tell it either. */
export function scrubData<Data>(data: Data): Data {
  if (typeof data === "string") return scrub(data) as Data;
  if (typeof data === "bigint" || typeof data === "symbol" || typeof data === "function")
    throw new TypeError(`a ${typeof data} is no data`);
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.map(scrubData) as Data;
  return Object.fromEntries(Object.entries(data).map(([key, each]) => [key, scrubData(each)])) as Data;
}
