/** Inputs of extreme size, each read in a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { verdictOfKotlin, verdictOfXml } from "../test/support/broken.js";

const MIB = 2 ** 20;

/** The largest text that the reader of XML takes, less the head that stands before and after. */
const FULL = 4 * MIB - 400;

const wrapped = (inner: string): string => `<project><project-extensions>${inner}</project-extensions></project>`;
const filled = (piece: string, length = FULL): string => piece.repeat(Math.floor(length / piece.length));
const bomb = `<!DOCTYPE a [${Array.from({ length: 20 }, (_, index) => `<!ENTITY a${index + 1} "${`&a${index};`.repeat(10)}">`).join("")}]>`;

interface Extreme {
  readonly form: "xml" | "kotlin";
  readonly make: () => string;
}

const extremes: Readonly<Record<string, Extreme>> = {
  "100 MiB of open elements": { form: "xml", make: () => filled("<a>", 100 * MIB) },
  "4 MiB of open elements": { form: "xml", make: () => wrapped(filled("<a>")) },
  "4 MiB of open and closed elements": { form: "xml", make: () => wrapped(filled("<a>", FULL / 3) + filled("</a>", FULL / 2)) },
  "entity bomb": { form: "xml", make: () => `${bomb}<project><name>&a20;</name></project>` },
  "external entity": {
    form: "xml",
    make: () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///dev/zero">]><project><name>&x;</name></project>',
  },
  "4 MiB of references": { form: "xml", make: () => `<project><name>${filled("&amp;")}</name></project>` },
  "4 MiB in one attribute": { form: "xml", make: () => `<project uuid="${filled("x")}"/>` },
  "4 MiB of attributes": {
    form: "xml",
    make: () => `<project ${Array.from({ length: FULL / 14 }, (_, index) => `a${index}="1"`).join(" ")}/>`,
  },
  "4 MiB of extensions": {
    form: "xml",
    make: () =>
      wrapped(
        Array.from({ length: FULL / 40 }, (_, index) => `<extension id="E${index}" type="T"/>`)
          .join("")
          .slice(0, FULL)
          .replace(/<[^>]*$/, ""),
      ),
  },
  "4 MiB of one extension, over and over": { form: "xml", make: () => wrapped(filled('<extension id="E" type="T"/>')) },
  "4 MiB of parameters": {
    form: "xml",
    make: () =>
      wrapped(
        `<extension id="E" type="T"><parameters>${filled('<param name="a" value="b"/>', FULL - 100)}</parameters></extension>`,
      ),
  },
  "4 MiB of plain-text secrets": {
    form: "xml",
    make: () =>
      `<project><parameters>${Array.from({ length: FULL / 50 }, (_, index) => `<param name="a${index}.password" value="x"/>`).join("\n")}</parameters></project>`,
  },
  "4 MiB that begin like secrets": { form: "xml", make: () => `<project><name>${filled("eyJ-https://a:")}</name></project>` },
  "4 MiB outside of the basic plane": { form: "xml", make: () => `<project><name>${filled("😀")}</name></project>` },
  "4 MiB of CDATA sections": { form: "xml", make: () => `<project><name>${filled("<![CDATA[]]>")}</name></project>` },
  "4 MiB of comments": { form: "xml", make: () => wrapped(filled("<!---->")) },
  "100,000 open parentheses": { form: "kotlin", make: () => `version = ${"(".repeat(100_000)}` },
  "100,000 open braces": { form: "kotlin", make: () => `project ${"{".repeat(100_000)}` },
  "100,000 open quotes and templates": { form: "kotlin", make: () => `version = ${'"${'.repeat(100_000)}` },
  "100,000 additions": { form: "kotlin", make: () => `project { description = ${'"a" + '.repeat(100_000)}"b" }` },
  "100 MiB of blanks": { form: "kotlin", make: () => " ".repeat(100 * MIB) },
};

export interface Outcome {
  readonly name: string;
  readonly size: string;
  readonly verdict: string;
  readonly ms: number;
  readonly memoryMb: number;
  readonly met: boolean;
}

/** Reads every extreme input in a new process. */
export async function runExtremes(log: (text: string) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const name of Object.keys(extremes)) {
    log(`extreme: ${name}`);
    outcomes.push(await runExtreme(name));
  }
  return outcomes;
}

function runExtreme(name: string): Promise<Outcome> {
  const args = ["--max-old-space-size=512", "--import", import.meta.resolve("tsx"), fileURLToPath(import.meta.url), name];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], timeout: 120_000 });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(JSON.parse(output));
      else resolve({ name, size: "–", verdict: `exit ${code ?? signal}`, ms: 0, memoryMb: 0, met: false });
    });
  });
}

/** In the child: reads one input and prints what became of it. */
async function readOne(name: string): Promise<void> {
  const { form, make } = extremes[name] as Extreme;
  const text = make();
  const start = performance.now();
  let verdict: string;
  try {
    verdict = form === "xml" ? verdictOfXml(text) : await verdictOfKotlin(text);
  } catch (error) {
    verdict = `failure: ${(error as Error).message}`;
  }
  const outcome: Outcome = {
    name,
    size: text.length < MIB ? `${Math.ceil(text.length / 1024)} KiB` : `${Math.round(text.length / MIB)} MiB`,
    verdict,
    ms: performance.now() - start,
    memoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    met: verdict === "settings" || verdict === "findings",
  };
  process.stdout.write(JSON.stringify(outcome));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await readOne(process.argv[2] as string);
