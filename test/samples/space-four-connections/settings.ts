import { project, token } from "plugboard";

const spaces = [
  ["PROJECT_EXT_2", "Project ORCHARD", "orchard", 2],
  ["PROJECT_EXT_29", "JetBrains Space", "orchard", 4],
  ["PROJECT_EXT_48", "Space (second)", "meadow", 6],
  ["PROJECT_EXT_51", "Project ORCHARD", "meadow", 8],
] as const;

const uuid = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

export default project("Space_Team", { name: "Team in Space" }, ({ spaceConnection }) => {
  for (const [id, displayName, organization, number] of spaces) {
    spaceConnection(id, {
      displayName,
      serverUrl: `https://${organization}.jetbrains.space`,
      clientId: uuid(number + 1),
      clientSecret: token(`credentialsJSON:${uuid(number)}`),
    });
  }
});
