import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { execute, root, Workspace } from "./support/workspace.js";

const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".md"))
    .map((each) => join("docs", each)),
].sort();

interface Block {
  readonly name: string;
  readonly text: string;
}

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map((match, index) => ({
    name: `${page} block ${index + 1}`,
    text: match[1] as string,
  })),
);

const isSettings = ({ text }: Block): boolean => /export default (project|settings)\(/.test(text);
const inputsOf = (text: string): string[] =>
  [...text.matchAll(/(\w+): input\.oneOf\("([^"]+)"/g)].flatMap(([, name, value]) => ["--input", `${name}=${value}`]);

describe("the documentation", () => {
  it("has programs to check", () => {
    expect(blocks.length).toBeGreaterThan(5);
    expect(blocks.some(isSettings)).toBe(true);
  });

  it("type-checks, block by block", async () => {
    const space = new Workspace();
    for (const [index, { text }] of blocks.entries()) space.write(`block${index}.ts`, `${text}\nexport {};\n`);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "ES2022",
      module: "ESNext",
      moduleResolution: "Bundler",
      skipLibCheck: true,
      resolveJsonModule: true,
      types: [],
      paths: {
        plugboard: [join(root, "dist/index.d.ts")],
        "plugboard/*": [join(root, "dist/*.d.ts")],
        vitest: [join(root, "node_modules/vitest")],
        zod: [join(root, "node_modules/zod")],
      },
    };
    space.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const { stdout } = await execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], space.folder);
    expect(stdout.replace(/block(\d+)\.ts/g, (_, index) => blocks[Number(index)]?.name ?? "")).toBe("");
  });

  it.each(blocks.filter(isSettings))("$name compiles", async ({ text }) => {
    const space = new Workspace({ "settings.ts": text });
    const { code, stdout } = await space.run("compile", "--to", "json", "--out", "out", ...inputsOf(text));
    expect(stdout).not.toContain(" error ");
    expect(code).toBe(0);
  });

  it("has links that lead somewhere", () => {
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
        .map((match) => match[1] as string)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it("the example at the top of the README is examples/minimal", () => {
    const [first] = blocks.filter((each) => each.name.startsWith("README.md"));
    expect(first?.text).toBe(readFileSync(join(root, "examples/minimal/settings.ts"), "utf8"));
  });
});
