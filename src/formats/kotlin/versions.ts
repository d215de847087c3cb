/**
 * The versions of TeamCity's Kotlin DSL, oldest first, each with the package that its settings import. The package stayed
 * the same over several versions and has had no suffix since 2022.04.
 */
export const dslVersions = {
  "2018.1": "jetbrains.buildServer.configs.kotlin.v2018_1",
  "2018.2": "jetbrains.buildServer.configs.kotlin.v2018_2",
  "2019.1": "jetbrains.buildServer.configs.kotlin.v2018_2",
  "2019.2": "jetbrains.buildServer.configs.kotlin.v2019_2",
  "2020.1": "jetbrains.buildServer.configs.kotlin.v2019_2",
  "2020.2": "jetbrains.buildServer.configs.kotlin.v2019_2",
  "2021.1": "jetbrains.buildServer.configs.kotlin.v2019_2",
  "2021.2": "jetbrains.buildServer.configs.kotlin.v2019_2",
  "2022.04": "jetbrains.buildServer.configs.kotlin",
  "2022.10": "jetbrains.buildServer.configs.kotlin",
  "2023.05": "jetbrains.buildServer.configs.kotlin",
  "2023.11": "jetbrains.buildServer.configs.kotlin",
  "2024.03": "jetbrains.buildServer.configs.kotlin",
  "2024.07": "jetbrains.buildServer.configs.kotlin",
  "2024.12": "jetbrains.buildServer.configs.kotlin",
  "2025.03": "jetbrains.buildServer.configs.kotlin",
  "2025.07": "jetbrains.buildServer.configs.kotlin",
  "2025.11": "jetbrains.buildServer.configs.kotlin",
  "2026.1": "jetbrains.buildServer.configs.kotlin",
} as const;

export type DslVersion = keyof typeof dslVersions;

const oldestFirst: readonly string[] = Object.keys(dslVersions);

export const newestDslVersion = oldestFirst.at(-1) as DslVersion;

/** Tells whether settings of a version have what another version brought. */
export function hasSince(version: DslVersion, since: string): boolean {
  return oldestFirst.indexOf(version) >= oldestFirst.indexOf(since);
}

/** The newest DSL version that a server of a version such as `2024.12.1` takes; `undefined` if it is older than all. */
export function dslVersionFor(serverVersion: string): DslVersion | undefined {
  const [serverYear, serverMinor] = yearAndMinor(serverVersion);
  const found = oldestFirst.findLast((each) => {
    const [year, minor] = yearAndMinor(each);
    return year < serverYear || (year === serverYear && minor <= serverMinor);
  });
  return found as DslVersion | undefined;
}

function yearAndMinor(version: string): [year: number, minor: number] {
  const [, year, minor] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return [Number(year ?? 0), Number(minor ?? 0)];
}
