/** What TeamCity uses where nothing is stored; the duration in minutes. */
export const defaults = { sessionName: "TeamCity-session", sessionDuration: 60 } as const;

/** What TeamCity sends as `sts:ExternalId`: the project's external ID, a hyphen, the connection ID (AWS core plugin). */
export function externalId(projectId: string, connectionId: string): string {
  return `${projectId}-${connectionId}`;
}
