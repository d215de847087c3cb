import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { requireProgram } from "./servers.js";

/** It runs a command on a terminal of its own. */
const PROGRAM = "script";

/** Tells whether programs can be run on a terminal. */
export const hasTerminals: boolean = requireProgram(PROGRAM, "apt-get install bsdutils");

/** A program that runs on a terminal of its own, with somebody who types. */
export class Terminal {
  /** All that is on the screen, with what was typed if it was shown. */
  output = "";
  /** The exit code. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #wake: () => void = () => {};

  /** `command` is for the shell. */
  constructor(command: string, cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(PROGRAM, ["-qefc", command, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void this.#child.kill("SIGKILL"));
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("close", (code) => {
        this.#wake();
        resolve(code);
      });
    });
  }

  /** Waits until a text is on the screen. */
  async sees(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`it ended without ${JSON.stringify(text)}: ${this.output}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }
}
