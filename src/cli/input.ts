import { isUtf8 } from "node:buffer";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { MAX_LENGTH, tooLarge } from "../formats/teamcity-xml/read.js";
import { type Finding, FindingsError, finding } from "../model/finding.js";
import { isExternalId, ROOT_PROJECT_ID } from "../model/ids.js";
import { compareText } from "../model/text.js";

export type Form = "xml" | "kotlin" | "json";

/** What there is to import, read into memory. */
export interface Input {
  readonly form: Form;
  /** The folder that the same form is compiled to. */
  readonly folder: string;
  /** Texts, by paths as the readers of the form know them. */
  readonly files: ReadonlyMap<string, string>;
  /** Where each of these files is. */
  readonly paths: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** The most that is read. A server with ten thousand projects has less. */
const limits = { fileBytes: MAX_LENGTH, bytes: 256 * 2 ** 20, files: 50_000, depth: 32 };

const PROJECT_CONFIG = "project-config.xml";
const KOTLIN_SETTINGS = "settings.kts";
const MODEL = "settings.json";

/**
 * Finds out what a path leads to, and reads it: a repository, a `.teamcity` folder, a data directory, a project folder or one of
 * their files. Nothing outside it is read: symbolic links that lead out are not followed. `nameProject` gives a project an
 * ID where no file and no folder tells it. Throws findings if there is nothing to import.
 */
export function readInput(path: string, nameProject: (folder: string) => string): Input {
  const start = realPath(path);
  const isFile = !statSync(start).isDirectory();
  const located = isFile ? locateFile(start) : locateIn(start);
  if (located === undefined) {
    throw new FindingsError([
      finding("PB310", "neither TeamCity settings nor a model of Plugboard are here", {
        place: { file: path },
        hint: "Give a folder with .teamcity in it, a folder of project folders, a project-config.xml, a settings.kts or a settings.json.",
      }),
    ]);
  }
  const { form, folder, file } = located;
  const reader = new Reader(isFile ? folder : start);
  if (form === "kotlin") {
    reader.readBelow(folder, /\.kts?$/, "");
    const [beside] = foldersWith(PROJECT_CONFIG, folder);
    if (beside !== undefined) reader.report("PB315", "XML beside Kotlin settings is left alone", join(folder, beside));
  } else if (file === undefined) readTree(folder, reader);
  else if (form === "json") reader.read(MODEL, file);
  else {
    const named = isExternalId(basename(folder)) || basename(folder) === ROOT_PROJECT_ID;
    const id = named ? basename(folder) : nameProject(folder);
    reader.read(`${id}/${PROJECT_CONFIG}`, file);
    if (named) return { ...reader, form, folder: dirname(folder) };
  }
  return { ...reader, form, folder };
}

interface Located {
  readonly form: Form;
  readonly folder: string;
  /** The one file to read, unless it is all of the folder. */
  readonly file?: string;
}

function locateFile(file: string): Located | undefined {
  const folder = dirname(file);
  if (basename(file) === KOTLIN_SETTINGS) return { form: "kotlin", folder };
  if (file.endsWith(".json")) return { form: "json", folder, file };
  return basename(file) === PROJECT_CONFIG ? { form: "xml", folder, file } : undefined;
}

/** Where in a folder the settings are: in the place that TeamCity keeps them in, or in the folder itself. */
function locateIn(start: string): Located | undefined {
  const places = [".teamcity", ".", "config/projects", "projects"].map((each) => join(start, each));
  for (const folder of places.filter((each) => existsSync(each))) {
    if (existsSync(join(folder, KOTLIN_SETTINGS))) return { form: "kotlin", folder };
    if (foldersWith(PROJECT_CONFIG, folder).length > 0) return { form: "xml", folder };
    // Before the portable DSL, every project had a settings.kts in a folder of its own.
    if (foldersWith(KOTLIN_SETTINGS, folder).length > 0) return { form: "kotlin", folder };
    for (const [form, name] of [
      ["xml", PROJECT_CONFIG],
      ["json", MODEL],
    ] as const) {
      const file = join(folder, name);
      if (existsSync(file)) return { form, folder, file };
    }
  }
  return undefined;
}

/** The folders in a folder that hold a file. */
function foldersWith(file: string, folder: string): string[] {
  return names(folder).filter((name) => existsSync(join(folder, name, file)));
}

function readTree(folder: string, reader: Reader): void {
  for (const name of foldersWith(PROJECT_CONFIG, folder))
    reader.read(`${name}/${PROJECT_CONFIG}`, join(folder, name, PROJECT_CONFIG));
  const stray = join(folder, PROJECT_CONFIG);
  if (existsSync(stray)) reader.report("PB315", "a project-config.xml outside of a project folder is left alone", stray);
}

/** Reads files below a folder, within the limits. */
class Reader {
  readonly files = new Map<string, string>();
  readonly paths = new Map<string, string>();
  readonly findings: Finding[] = [];
  readonly #root: string;
  readonly #visited = new Set<string>();
  #bytes = 0;

  /** `root` is a real path. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Reads a file under a name. What cannot be read, or must not, is a finding. */
  read(name: string, file: string): void {
    const real = this.#resolve(file);
    if (real === undefined) return;
    const stat = statSync(real);
    if (!stat.isFile()) return;
    this.#bytes += stat.size;
    if (this.files.size >= limits.files) throw this.#tooMuch(`more than ${limits.files} files`);
    if (this.#bytes > limits.bytes) throw this.#tooMuch(`more than ${limits.bytes / 2 ** 20} MiB`);
    this.paths.set(name, file);
    if (stat.size > limits.fileBytes) {
      this.findings.push(tooLarge(file));
      return;
    }
    const bytes = readBytes(real);
    if (isUtf8(bytes)) this.files.set(name, bytes.toString("utf8"));
    else
      this.report(
        "PB302",
        `the file is not in UTF-8${isUtf16(bytes) ? " but in UTF-16" : ""}`,
        file,
        "Save it in UTF-8, as TeamCity does.",
      );
  }

  /** Reads the files below a folder whose names match, under their paths from there. */
  readBelow(folder: string, wanted: RegExp, prefix: string, depth = 0): void {
    const real = this.#resolve(folder);
    if (real === undefined || this.#visited.has(real)) return;
    this.#visited.add(real);
    if (depth > limits.depth) throw this.#tooMuch(`folders in more than ${limits.depth} levels`);
    for (const name of names(real)) {
      const path = join(folder, name);
      if (wanted.test(name)) this.read(prefix + name, path);
      else if (!isForeign(name) && isFolder(path)) this.readBelow(path, wanted, `${prefix}${name}/`, depth + 1);
    }
  }

  /** The real path of a file or folder below the root. */
  #resolve(path: string): string | undefined {
    const real = realPath(path);
    if (real === this.#root || real.startsWith(this.#root + sep)) return real;
    this.report("PB315", "a symbolic link that leads out of the folder is not followed", path);
    return undefined;
  }

  report(code: "PB302" | "PB315", message: string, file: string, hint?: string): void {
    this.findings.push(finding(code, message, { place: { file }, ...(hint === undefined ? {} : { hint }) }));
  }

  #tooMuch(what: string): FindingsError {
    return new FindingsError([
      finding("PB310", `the folder holds ${what}`, { place: { file: this.#root }, hint: "Name a folder further down." }),
    ]);
  }
}

/** What a build or a package manager keeps beside settings. */
function isForeign(name: string): boolean {
  return name.startsWith(".") || name === "target" || name === "node_modules";
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** What a folder holds, sorted, so that one input always gives one result. */
function names(folder: string): string[] {
  return orUnreadable(folder, () => readdirSync(folder)).sort(compareText);
}

function readBytes(file: string): Buffer {
  return orUnreadable(file, () => readFileSync(file));
}

function realPath(path: string): string {
  return orUnreadable(path, () => realpathSync(path));
}

function orUnreadable<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "it does not exist" : code === "EACCES" ? "permission is denied" : code;
    throw new FindingsError([finding("PB100", `the input cannot be read: ${reason}`, { place: { file } })]);
  }
}
