import type { ConnectionType } from "../contract/define.js";
import * as registry from "./registry.js";

/** The built-in connection types, sorted by kind. */
export const connectionTypes: readonly ConnectionType[] = Object.values(registry);
