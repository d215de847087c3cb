import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { FindingsError } from "../src/model/finding.js";
import { Redacted } from "../src/model/redacted.js";
import { createIdentity, type IdentityOptions, openIdentities } from "../src/secrets/age-identity.js";
import { admitRecipients, createAgeStore } from "../src/secrets/age-store.js";
import { openStores } from "../src/secrets/index.js";
import type { Store } from "../src/secrets/store.js";
import { updateFile } from "../src/secrets/update-file.js";
import { createTransport } from "../src/transport/index.js";
import { root, Workspace } from "./support/workspace.js";

const secret = (value: string): Redacted => new Redacted(value, "test value");

interface Vault {
  readonly space: Workspace;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly recipient: string;
}

/** A file of secrets with one reader, and an environment that has the identity. */
async function createFile(values: Readonly<Record<string, string>> = {}): Promise<Vault> {
  const space = new Workspace();
  const path = join(space.folder, "plugboard.secrets.json");
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const environment = { PLUGBOARD_AGE_IDENTITY: identity, HOME: space.folder };
  await admitRecipients(path, [recipient], async () => []);
  const store = openStore(path, { environment });
  for (const [name, value] of Object.entries(values)) await store.set?.(name, secret(value));
  return { space, path, environment, recipient };
}

function openStore(path: string, options: IdentityOptions): Store {
  return createAgeStore(path, { identities: () => openIdentities(options) });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!(error instanceof FindingsError)) throw new Error(`no finding but ${error}`);
  const [{ code = "", message = "" } = {}] = error.findings;
  return `${code} ${message}`;
}

const read = (vault: Vault, name: string, environment = vault.environment): Promise<string | undefined> =>
  openStore(vault.path, { environment })
    .get(name)
    .then((each) => each?.reveal());

describe("the encrypted file", () => {
  it("keeps names in plain text and every value as its own ciphertext", async () => {
    const vault = await createFile({ "b/two": "value two", "a/one": "välue\none 🔑" });
    const text = vault.space.read("plugboard.secrets.json");
    expect(text).not.toContain("value");
    const { version, recipients, secrets } = JSON.parse(text);
    expect({ version, recipients, names: Object.keys(secrets) }).toEqual({
      version: 1,
      recipients: [vault.recipient],
      names: ["a/one", "b/two"],
    });
    expect(await read(vault, "a/one")).toBe("välue\none 🔑");
    expect(await read(vault, "b/two")).toBe("value two");
    expect(await read(vault, "c")).toBeUndefined();
    expect(await read(vault, "constructor")).toBeUndefined();
  });

  it("changes one line for one value, and tells names without an identity", async () => {
    const vault = await createFile({ a: "1111", b: "2222", c: "3333" });
    const before = vault.space.read("plugboard.secrets.json").split("\n");
    const store = openStore(vault.path, { environment: {} });
    await store.set?.("b", secret("other"));
    const after = vault.space.read("plugboard.secrets.json").split("\n");
    expect(after.filter((line, index) => line !== before[index])).toHaveLength(1);
    expect(await store.list([])).toEqual(["a", "b", "c"]);
    expect(await read(vault, "b")).toBe("other");
  });

  it("gives back any value", async () => {
    const vault = await createFile();
    const store = openStore(vault.path, vault);
    for (const value of ["{}", "\u0000", "x".repeat(65_536), '"\\', "\ufffd"]) {
      await store.set?.("any", secret(value));
      expect((await store.get("any"))?.reveal()).toBe(value);
    }
  });

  it.each([
    ["nothing", ""],
    ["half of it", '{\n  "version": 1,\n  "recip'],
    ["a conflict", '<<<<<<< HEAD\n{ "version": 1 }\n=======\n{}\n>>>>>>> theirs\n'],
    ["no recipients", '{ "version": 1, "recipients": [], "secrets": {} }'],
    ["a key too many", '{ "version": 1, "recipients": ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"], "secrets": {}, "x": 1 }'],
    ["no base64", '{ "version": 1, "recipients": ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"], "secrets": { "a": "§" } }'],
    ["a newer version", '{ "version": 2 }'],
    ["a list", "[]"],
  ])("is not read and never overwritten if it holds %s", async (_, text) => {
    const vault = await createFile();
    vault.space.write("plugboard.secrets.json", text);
    const store = openStore(vault.path, vault);
    expect(await codeOf(store.get("a"))).toMatch(/^PB704/);
    expect(await codeOf(store.list([]))).toMatch(/^PB704/);
    expect(await codeOf(store.set?.("a", secret("value")) as Promise<void>)).toMatch(/^PB704/);
    expect(await codeOf(admitRecipients(vault.path, [vault.recipient], async () => []))).toMatch(/^PB704/);
    expect(vault.space.read("plugboard.secrets.json")).toBe(text);
    expect(vault.space.list().filter((each) => each.includes("lock"))).toEqual([]);
  });

  it("notices a recipient that was mistyped before it encrypts anything", async () => {
    const vault = await createFile({ a: "value" });
    const mistyped = vault.recipient.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
    vault.space.write("plugboard.secrets.json", vault.space.read("plugboard.secrets.json").replace(vault.recipient, mistyped));
    const text = vault.space.read("plugboard.secrets.json");
    const store = openStore(vault.path, vault);
    expect(await codeOf(store.set?.("b", secret("value")) as Promise<void>)).toMatch(/^PB704 .*the recipient age1/);
    expect(vault.space.read("plugboard.secrets.json")).toBe(text);
  });

  it("notices a ciphertext that was changed, cut or moved to another name", async () => {
    const vault = await createFile({ good: "good value", other: "other value" });
    const file = JSON.parse(vault.space.read("plugboard.secrets.json"));
    const bytes = Buffer.from(file.secrets.good, "base64");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const cut = Buffer.from(file.secrets.good, "base64").subarray(0, -20).toString("base64");
    const damages = { "PB704 plugboard.secrets.json is damaged: the value of": [bytes.toString("base64"), cut, "Z2FyYmFnZQ=="] };
    for (const [said, texts] of Object.entries(damages)) {
      for (const text of texts) {
        vault.space.write("plugboard.secrets.json", JSON.stringify({ ...file, secrets: { ...file.secrets, good: text } }));
        expect(await codeOf(read(vault, "good"))).toContain(said);
        expect(await read(vault, "other")).toBe("other value");
      }
    }
    const moved = { ...file, secrets: { good: file.secrets.other } };
    vault.space.write("plugboard.secrets.json", JSON.stringify(moved));
    expect(await codeOf(read(vault, "good"))).toBe(
      'PB704 plugboard.secrets.json is damaged: what stands under "good" is the value of "other"',
    );
  });
});

describe("the identity", () => {
  it("is a variable, a file that a variable names, or the user's own file", async () => {
    const vault = await createFile({ a: "value" });
    const identity = vault.environment.PLUGBOARD_AGE_IDENTITY as string;
    const { space } = vault;
    space.write("key.txt", `# made by a test\n\n${identity}\n`);
    space.write("config/plugboard/identity.txt", `${identity}\n`);
    space.write("home/.config/plugboard/identity.txt", `${identity}\r\n`);
    for (const environment of [
      { PLUGBOARD_AGE_IDENTITY: `  ${identity}\n` },
      { PLUGBOARD_AGE_IDENTITY: `# comment\\n${identity}\\n` },
      { PLUGBOARD_AGE_IDENTITY: `${await generateX25519Identity()}\n${identity}` },
      { PLUGBOARD_AGE_IDENTITY_FILE: join(space.folder, "key.txt") },
      { XDG_CONFIG_HOME: join(space.folder, "config") },
      { HOME: join(space.folder, "home") },
    ]) {
      expect(await read(vault, "a", { HOME: "/nonexistent", ...environment } as never)).toBe("value");
    }
  });

  it.each([
    [
      "another one",
      async () => ({ PLUGBOARD_AGE_IDENTITY: await generateX25519Identity() }),
      /^PB703 secret "a" is not encrypted to/,
    ],
    [
      "none",
      async () => ({ HOME: "/nonexistent" }),
      /^PB703 there is no identity .*\/nonexistent\/.config\/plugboard\/identity.txt/,
    ],
    [
      "no key",
      async () => ({ PLUGBOARD_AGE_IDENTITY: "hunter2hunter2" }),
      /^PB703 PLUGBOARD_AGE_IDENTITY holds no age identity$/,
    ],
    ["a key that was cut", async () => ({ PLUGBOARD_AGE_IDENTITY: "AGE-SECRET-KEY-1QQQQ" }), /^PB703/],
    ["a folder", async () => ({ PLUGBOARD_AGE_IDENTITY_FILE: root }), /^PB703 the identity cannot be read: EISDIR/],
    [
      "a key for a file",
      async () => ({ PLUGBOARD_AGE_IDENTITY_FILE: "AGE-SECRET-KEY-1HUNTER2hunter2" }),
      /^PB703 PLUGBOARD_AGE_IDENTITY_FILE holds a private key, not the name of a file$/,
    ],
    [
      "a path for a shell",
      async () => ({ PLUGBOARD_AGE_IDENTITY_FILE: "~/identity.txt" }),
      /^PB703 PLUGBOARD_AGE_IDENTITY_FILE starts with ~/,
    ],
  ])("is asked for in a message if there is %s", async (_, environment, said) => {
    const vault = await createFile({ a: "value" });
    const message = await codeOf(read(vault, "a", (await environment()) as never));
    expect(message).toMatch(said);
    expect(message).not.toContain("hunter2");
  });

  it("may have a passphrase, which is asked for once for all files", async () => {
    const space = new Workspace();
    const file = join(space.folder, "deep/er/identity.txt");
    const identity = await createIdentity(file, secret("correct horse"));
    expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    const recipient = await identityToRecipient(identity.reveal());
    const names = ["a", "b"];
    for (const each of names) {
      const path = join(space.folder, `${each}.json`);
      await admitRecipients(path, [recipient], async () => []);
      await openStore(path, { environment: {} }).set?.(each, secret(`value ${each}`));
    }
    const asked: unknown[] = [];
    const { signal } = new AbortController();
    const open = (passphrase?: string) =>
      openStores(
        names.map((each) => ({ type: "age", file: `${each}.json` })),
        {
          folder: space.folder,
          environment: { PLUGBOARD_AGE_IDENTITY_FILE: file },
          transport: createTransport({ environment: {} }),
          signal,
          ask:
            passphrase === undefined
              ? undefined
              : async (...question) => {
                  asked.push(question);
                  return secret(passphrase);
                },
        },
      );
    const secrets = open("correct horse");
    expect(await Promise.all(names.map(async (each) => (await secrets.get(each))?.reveal()))).toEqual(["value a", "value b"]);
    expect(asked).toEqual([[`Passphrase of ${file}: `, signal]]);
    expect(await codeOf(open("wrong").get("a"))).toMatch(/^PB703 the passphrase does not open/);
    expect(await codeOf(open().get("a"))).toMatch(/^PB703 .* has a passphrase, and there is no terminal/);
  });

  it("is made with rights for its owner alone, and never overwritten", async () => {
    const space = new Workspace();
    const file = join(space.folder, "new/identity.txt");
    await createIdentity(file, undefined);
    const text = readFileSync(file, "utf8");
    await expect(createIdentity(file, undefined)).rejects.toThrow("PB707");
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("recipients", () => {
  it("are let in by somebody who can read all values", async () => {
    const vault = await createFile({ a: "value a", b: "value b" });
    const colleague = await generateX25519Identity();
    const recipient = await identityToRecipient(colleague);
    let opened = 0;
    const identities = async () => {
      opened++;
      return [secret(vault.environment.PLUGBOARD_AGE_IDENTITY as string)];
    };
    const stranger = async () => [secret(await generateX25519Identity())];
    const before = vault.space.read("plugboard.secrets.json");
    expect(await codeOf(admitRecipients(vault.path, [recipient], stranger))).toMatch(/^PB703/);
    expect(vault.space.read("plugboard.secrets.json")).toBe(before);
    const { added, recipients } = await admitRecipients(vault.path, [recipient, recipient, vault.recipient], identities);
    expect(added).toEqual([recipient]);
    expect(recipients).toHaveLength(2);
    expect(opened).toBe(1);
    expect(await read(vault, "b", { PLUGBOARD_AGE_IDENTITY: colleague } as never)).toBe("value b");
    expect(await read(vault, "a")).toBe("value a");
    const text = vault.space.read("plugboard.secrets.json");
    expect((await admitRecipients(vault.path, [recipient], identities)).added).toEqual([]);
    expect(vault.space.read("plugboard.secrets.json")).toBe(text);
  });
});

/** Runs the loop of `support/update-loop.ts` in a process of its own. */
function startWriter(path: string, prefix: string, count: number): ChildProcess & { readonly done: string[] } {
  const script = join(root, "test/support/update-loop.ts");
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), script, path, prefix, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const done: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => done.push(...text.split("\n").filter((each) => each !== "")));
  return Object.assign(child, { done });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("close", (code) => resolve(code)));

describe("several processes", () => {
  it("that write at once lose nothing", async () => {
    const vault = await createFile();
    const writers = Array.from({ length: 8 }, (_, index) => startWriter(vault.path, `writer${index}`, 6));
    expect(await Promise.all(writers.map(ended))).toEqual(Array(8).fill(0));
    const names = await openStore(vault.path, { environment: {} }).list([]);
    expect(names).toHaveLength(8 * 6);
    expect(vault.space.list().filter((each) => /lock|tmp/.test(each))).toEqual([]);
  });

  it("that are killed leave a whole file with all that they had promised, and no lock that stays", async () => {
    const vault = await createFile({ first: "value" });
    const promised = ["first"];
    for (let round = 0; round < 4; round++) {
      const writers = [`a${round}`, `b${round}`].map((prefix) => startWriter(vault.path, prefix, 1e6));
      for (const [index, writer] of writers.entries()) {
        await new Promise<void>((resolve) => {
          const check = (): void => {
            if (writer.done.length > 2 + round + index) resolve();
          };
          writer.stdout?.on("data", check);
          writer.once("close", () => resolve());
          check();
        });
        const end = ended(writer);
        writer.kill("SIGKILL");
        expect(await end).toBeNull();
        const names = await openStore(vault.path, { environment: {} }).list([]);
        promised.push(...writer.done);
        expect(names).toEqual(expect.arrayContaining(promised));
      }
      await openStore(vault.path, { environment: {} }).set?.(`after/${round}`, secret("value"));
      promised.push(`after/${round}`);
    }
    expect(await read(vault, "first")).toBe("value");
    expect(vault.space.list().filter((each) => each.endsWith(".lock"))).toEqual([]);
  });
});

describe("updating a file", () => {
  const lockText = (pid: number, host = hostname()): string =>
    JSON.stringify({ pid, host, id: "00000000-0000-4000-8000-000000000000" });

  /** The ID of a process that has ended. */
  async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ["-e", ""]);
    await ended(child);
    return child.pid as number;
  }

  it("breaks the lock of a process that has ended, and an old one", async () => {
    const space = new Workspace({ "file.lock": lockText(await deadPid()) });
    const file = join(space.folder, "file");
    await updateFile(file, () => "1");
    for (const old of [lockText(process.pid), lockText(1, "elsewhere"), "", "garbage"]) {
      space.write("file.lock", old);
      utimesSync(join(space.folder, "file.lock"), 0, 0);
      await updateFile(file, (text) => `${text}+`);
    }
    expect(space.read("file")).toBe("1++++");
    expect(space.list()).toEqual(["file", "package.json"]);
  });

  it("breaks an abandoned lock although another process has ended while it did so", async () => {
    const dead = lockText(await deadPid());
    const { id } = JSON.parse(dead) as { id: string };
    for (const ticket of [lockText(await deadPid()), ""]) {
      const space = new Workspace({ "file.lock": dead, [`file.lock.${id}`]: ticket });
      utimesSync(join(space.folder, `file.lock.${id}`), 0, 0);
      await updateFile(join(space.folder, "file"), () => "new");
      expect(space.list()).toEqual(["file", "package.json"]);
    }
  });

  it("says what is in the way of its lock", async () => {
    const space = new Workspace({ file: "text" });
    const lock = join(space.folder, "file.lock");
    for (const block of [() => symlinkSync("nowhere", lock), () => mkdirSync(lock)]) {
      block();
      expect(await codeOf(updateFile(join(space.folder, "file"), () => "new"))).toBe(
        "PB707 file.lock is in the way: it is not a file",
      );
      rmSync(lock, { recursive: true });
    }
    expect(space.read("file")).toBe("text");
  });

  it("makes the file that a link leads to, and keeps the rights of one that is there", async () => {
    const space = new Workspace({ "real/none": "" });
    const file = join(space.folder, "file");
    symlinkSync("link", file);
    symlinkSync("real/file", join(space.folder, "link"));
    await updateFile(file, () => "new");
    expect(space.read("real/file")).toBe("new");
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    for (const mode of [0o664, 0o600]) {
      chmodSync(file, mode);
      await updateFile(file, (text) => `${text}+`);
      expect(statSync(file).mode & 0o777).toBe(mode);
    }
    const circle = join(space.folder, "circle");
    symlinkSync("circle", circle);
    expect(await codeOf(updateFile(circle, () => "x"))).toBe("PB707 the file cannot be written: its links lead in a circle");
  });

  it("waits for the lock of a process that runs", async () => {
    const space = new Workspace({ file: "old", "file.lock": lockText(process.pid) });
    await expect(updateFile(join(space.folder, "file"), () => "new", AbortSignal.abort(new Error("given up")))).rejects.toThrow(
      "given up",
    );
    expect(space.read("file")).toBe("old");
    expect(space.read("file.lock")).toBe(lockText(process.pid));
  });

  it("starts again if somebody else was faster", async () => {
    const space = new Workspace({ file: "1" });
    const file = join(space.folder, "file");
    const seen: (string | undefined)[] = [];
    await updateFile(file, async (text) => {
      seen.push(text);
      if (seen.length === 1) space.write("file", "2");
      return `${text}+`;
    });
    expect(seen).toEqual(["1", "2"]);
    expect(space.read("file")).toBe("2+");
  });

  it("follows a link and keeps it, but is not led astray by a link in the place of its temporary file", async () => {
    const space = new Workspace({ "real/file": "old", precious: "precious" });
    const file = join(space.folder, "file");
    symlinkSync("real/file", file);
    symlinkSync("../precious", join(space.folder, "real/.file.tmp"));
    await updateFile(file, () => "new");
    expect([space.read("real/file"), space.read("precious")]).toEqual(["new", "precious"]);
    expect(existsSync(join(space.folder, "real/.file.tmp"))).toBe(false);
  });

  it("says why it cannot write, and changes nothing", async () => {
    const space = new Workspace({ file: "text" });
    mkdirSync(join(space.folder, "folder"));
    expect(await codeOf(updateFile(join(space.folder, "folder"), () => "x"))).toBe(
      "PB707 the file cannot be written: it is a folder",
    );
    expect(await codeOf(updateFile(join(space.folder, "none/file"), () => "x"))).toBe(
      "PB707 the file cannot be written: its folder does not exist",
    );
    await expect(
      updateFile(join(space.folder, "file"), () => {
        throw new Error("own");
      }),
    ).rejects.toThrow("own");
    expect(space.read("file")).toBe("text");
  });
});

it("the format is age's own: another age implementation could read a value", async () => {
  const vault = await createFile({ a: "value" });
  const [first] = Object.values(JSON.parse(vault.space.read("plugboard.secrets.json")).secrets as Record<string, string>);
  expect(Buffer.from(first as string, "base64").toString("latin1")).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
  const encrypter = new Encrypter();
  encrypter.addRecipient(vault.recipient);
  const foreign = Buffer.from(await encrypter.encrypt(JSON.stringify({ name: "b", value: "from elsewhere" }))).toString("base64");
  const file = JSON.parse(vault.space.read("plugboard.secrets.json"));
  vault.space.write("plugboard.secrets.json", JSON.stringify({ ...file, secrets: { ...file.secrets, b: foreign } }));
  expect(await read(vault, "b")).toBe("from elsewhere");
});
