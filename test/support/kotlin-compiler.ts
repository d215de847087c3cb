import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { execute, type Outcome } from "./workspace.js";

const VERSION = "2.1.21";
const REPOSITORY = "https://repo1.maven.org/maven2";

/** The compiler and what it needs, with the SHA-256 of each file. */
const JARS: Readonly<Record<string, string>> = {
  [`org/jetbrains/kotlin/kotlin-compiler-embeddable/${VERSION}/kotlin-compiler-embeddable-${VERSION}.jar`]:
    "67a2e3673765f097725608cc7c843b0d8fdd94bd9af41327211361614aa57d49",
  [`org/jetbrains/kotlin/kotlin-stdlib/${VERSION}/kotlin-stdlib-${VERSION}.jar`]:
    "263bdc679e1f62012db7b091796279b6d71cf36f4797a98ff1ace05835f201c8",
  [`org/jetbrains/kotlin/kotlin-script-runtime/${VERSION}/kotlin-script-runtime-${VERSION}.jar`]:
    "d8221f445854f30ac92c248d543609e0ecb5d85bb5ba34c043684b013cb5b897",
  [`org/jetbrains/kotlin/kotlin-daemon-embeddable/${VERSION}/kotlin-daemon-embeddable-${VERSION}.jar`]:
    "9401effd82de8606df3289308a275cc1d3573768665ca5edd09dc319c71715f4",
  "org/jetbrains/kotlin/kotlin-reflect/1.6.10/kotlin-reflect-1.6.10.jar":
    "3277ac102ae17aad10a55abec75ff5696c8d109790396434b496e75087854203",
  "org/jetbrains/intellij/deps/trove4j/1.0.20200330/trove4j-1.0.20200330.jar":
    "c5fd725bffab51846bf3c77db1383c60aaaebfe1b7fe2f00d23fe1b7df0a439d",
  "org/jetbrains/kotlinx/kotlinx-coroutines-core-jvm/1.8.0/kotlinx-coroutines-core-jvm-1.8.0.jar":
    "9860906a1937490bf5f3b06d2f0e10ef451e65b95b269f22daf68a3d1f5065c5",
  "org/jetbrains/annotations/13.0/annotations-13.0.jar": "ace2a10dc8e2d5fd34925ecac03e4988b2c0f851650c94b8cef49ba1bd111478",
};

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "plugboard-test", `kotlin-${VERSION}`);

const fileOf = (path: string): string => join(cache, path.slice(path.lastIndexOf("/") + 1));

const stdlib = Object.keys(JARS)
  .map(fileOf)
  .find((each) => each.includes("stdlib")) as string;

/** Why the compiler cannot be used here; `undefined` once it can: it is downloaded if it is not in the cache. */
export async function prepareKotlin(): Promise<string | undefined> {
  try {
    await execute("java", ["-version"], process.cwd());
  } catch {
    return "there is no `java`";
  }
  try {
    for (const [path, sha256] of Object.entries(JARS)) await download(path, sha256);
  } catch (error) {
    return `the Kotlin compiler cannot be downloaded: ${(error as Error).message}`;
  }
  return undefined;
}

async function download(path: string, sha256: string): Promise<void> {
  const file = fileOf(path);
  if (existsSync(file)) return;
  const response = await fetch(`${REPOSITORY}/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) throw new Error(`${path}: the SHA-256 is ${found}`);
  mkdirSync(cache, { recursive: true });
  const beside = `${file}.${randomUUID()}`;
  writeFileSync(beside, bytes);
  renameSync(beside, file);
}

/** Compiles files or folders with Kotlin sources; what is wrong with them is in `stderr`. */
export function compileKotlin(sources: readonly string[], out: string): Promise<Outcome> {
  return java(Object.keys(JARS).map(fileOf), [
    "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
    ...["-no-stdlib", "-no-reflect", "-nowarn", "-classpath", stdlib, "-d", out, ...sources],
  ]);
}

/** Runs the `main` of a compiled file. */
export function runKotlin(out: string, mainClass: string): Promise<Outcome> {
  return java([out, stdlib], [mainClass]);
}

function java(classpath: readonly string[], args: readonly string[]): Promise<Outcome> {
  return execute("java", ["-XX:TieredStopAtLevel=1", "-cp", classpath.join(delimiter), ...args], process.cwd());
}
