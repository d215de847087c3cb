import type { Level } from "../../services/github/permissions.js";

/** A repository permission of the app. */
export interface WantedPermission {
  readonly name: string;
  readonly level: Level;
  /** The level without which the connection is of no use. */
  readonly least?: Level;
  /** What does not work below `level`. */
  readonly serves: string;
}

/**
 * The permissions that TeamCity uses: those that JetBrains' own command line asks for when it creates an app. With the `least`
 * of them, TeamCity can still build.
 */
export const wantedPermissions: readonly WantedPermission[] = [
  { name: "metadata", level: "read", least: "read", serves: "any access to repositories" },
  { name: "contents", level: "write", least: "read", serves: "labels, merges and versioned settings" },
  { name: "pull_requests", level: "write", least: "read", serves: "changes of pull requests" },
  { name: "statuses", level: "write", serves: "commit statuses" },
  { name: "checks", level: "write", serves: "the checks trigger" },
  { name: "issues", level: "read", serves: "the issue tracker" },
];
