import { isRecord } from "./record.js";
import { DECLARATION, type Declaration, type Declared, type DeclaredFinding, type Places } from "./values.js";

/** A project or its places, to which those of its sub-projects are added as they come. */
type Growing = Record<string, unknown> & { subProjects: unknown[] };

/**
 * Puts together what settings declare, line by line. Settings may make the lines themselves, so they are looked at no
 * further than that takes: a project is an object, and lies in one that came before.
 */
export class DeclaredReader {
  readonly #projects: { readonly project: Growing; readonly places: Growing }[] = [];
  readonly #findings: DeclaredFinding[] = [];
  #config: unknown;
  #isEmpty = true;
  #isBroken = false;

  /** Reads whole lines, and gives the projects among them; these have no sub-projects yet. */
  read(lines: string): readonly object[] {
    const before = this.#projects.length;
    for (const line of lines.split("\n")) if (line !== "" && !this.#isBroken) this.#readLine(line);
    return this.#projects.slice(before).map(({ project }) => project);
  }

  /** What was declared; `undefined` if there was no line, or one that cannot be. */
  get declared(): Declared | undefined {
    const [top] = this.#projects;
    if (this.#isEmpty || this.#isBroken) return undefined;
    const tree = top && { project: top.project, places: top.places as unknown as Places };
    return { ...tree, config: this.#config, findings: this.#findings };
  }

  #readLine(text: string): void {
    this.#isEmpty = false;
    const line = parseRecord(text);
    if (line === undefined) this.#isBroken = true;
    else if ("project" in line) this.#addProject(line);
    else if ("config" in line) this.#config = line.config;
    else if (Array.isArray(line.findings)) for (const each of line.findings) this.#addFinding(each);
  }

  #addProject({ project, within, places }: Readonly<Record<string, unknown>>): void {
    const parent = typeof within === "number" ? this.#projects[within] : undefined;
    const isTop = within === undefined && this.#projects.length === 0;
    if (!isRecord(project) || "subProjects" in project || (parent === undefined && !isTop)) {
      this.#isBroken = true;
      return;
    }
    const own = { project: withRoom(project), places: withRoom(isRecord(places) ? places : {}) };
    parent?.project.subProjects.push(own.project);
    parent?.places.subProjects.push(own.places);
    this.#projects.push(own);
  }

  #addFinding(finding: Partial<DeclaredFinding> | null): void {
    const { code, message, hint } = finding ?? {};
    if (typeof code !== "string" || typeof message !== "string") return;
    const more = typeof hint === "string" ? { hint: hint.slice(0, 500) } : {};
    this.#findings.push({ code, message: message.slice(0, 500), ...more });
  }
}

function withRoom(node: Record<string, unknown>): Growing {
  return Object.assign(node, { subProjects: [] });
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a declaration made in this process gives.
 * @throws TypeError if none of the authoring functions made it.
 */
export function readDeclaration(declaration: Declaration, inputs: Readonly<Record<string, string>> = {}): Declared {
  const declared = readLines([...declaration[DECLARATION](inputs)].join("\n"));
  if (declared === undefined) throw new TypeError("the declaration is not made by project(…), settings(…) or config(…)");
  return declared;
}

/** What lines declare that are all there. */
export function readLines(lines: string): Declared | undefined {
  const reader = new DeclaredReader();
  reader.read(lines);
  return reader.declared;
}
