import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { openIdentities } from "../src/secrets/age-identity.js";
import { createAgeStore } from "../src/secrets/age-store.js";
import { hasTerminals, Terminal } from "./support/terminal.js";
import { startSimulatedVault } from "./support/vault.js";
import { bin, type Outcome, Workspace } from "./support/workspace.js";

const settings = `import { project, secret } from "plugboard";
export default project("Shop", ({ dockerRegistry, awsConnection, feature }) => {
  dockerRegistry("Docker", { displayName: "Docker", userName: "tc", password: secret("docker/password") });
  awsConnection("ShopAws", { displayName: "AWS", region: "eu-west-1", credentials: { type: "accessKeys", accessKey: secret("aws/shop") } });
  feature("F", "any", { "secure:token": secret("feature/token") });
});
`;
const canary = "canary+value/1234 ünique";
const PAIR = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "pair/canary+1234567890" };

/** A settings folder with a home of its own. */
class Repository extends Workspace {
  readonly env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: join(this.folder, "home"),
    NO_COLOR: "1",
    XDG_CACHE_HOME: join(this.folder, ".cache"),
  };
  readonly identity = join(this.folder, "home/.config/plugboard/identity.txt");

  constructor(files: Readonly<Record<string, string>> = {}) {
    super({ "settings.ts": settings, ...files });
  }

  /** Runs `plugboard secrets …` with what is piped in. */
  secrets(args: readonly string[], input: string | Uint8Array = "", env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [bin, "secrets", ...args], { cwd: this.folder, env: { ...this.env, ...env } });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
      child.stdin.on("error", () => {});
      child.on("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.end(input);
    });
  }

  terminal(args: string, after = ""): Terminal {
    const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(bin)} secrets ${args}${after}`;
    return new Terminal(command, this.folder, { ...this.env, TERM: "xterm" });
  }

  async value(name: string): Promise<string | undefined> {
    const identities = () => openIdentities({ environment: { HOME: this.env.HOME } });
    return (await createAgeStore(join(this.folder, "plugboard.secrets.json"), { identities }).get(name))?.reveal();
  }

  /** With an identity and an empty file. */
  async begun(): Promise<this> {
    const { code, stdout, stderr } = await this.secrets(["init", "--no-passphrase"]);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    return this;
  }
}

describe("secrets init", () => {
  it("makes an identity for its owner alone and a file with its recipient", async () => {
    const space = new Repository();
    const { stdout, stderr, code } = await space.secrets(["init", "--no-passphrase"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const text = readFileSync(space.identity, "utf8");
    const [identity = ""] = /AGE-SECRET-KEY-1\w+/.exec(text) ?? [];
    const recipient = await identityToRecipient(identity);
    expect(statSync(space.identity).mode & 0o777).toBe(0o600);
    expect(statSync(join(space.identity, "..")).mode & 0o777).toBe(0o700);
    expect(JSON.parse(space.read("plugboard.secrets.json"))).toEqual({ version: 1, recipients: [recipient], secrets: {} });
    expect(stdout).toContain(`written   home/.config/plugboard/identity.txt\nwritten   plugboard.secrets.json\n`);
    expect(stdout).toContain(recipient);
    expect(stdout).toContain("PLUGBOARD_AGE_IDENTITY");
    expect(stdout + stderr).not.toContain(identity);
  });

  it("changes nothing when it is run again", async () => {
    const space = await new Repository().begun();
    const before = [readFileSync(space.identity, "utf8"), space.read("plugboard.secrets.json")];
    const { code, stdout } = await space.secrets(["init"]);
    expect(code).toBe(0);
    expect(stdout).toContain("unchanged plugboard.secrets.json");
    expect(stdout).toContain("you can read it: nothing was changed");
    expect([readFileSync(space.identity, "utf8"), space.read("plugboard.secrets.json")]).toEqual(before);
  });

  it("lets a colleague in, who first learns that he cannot read the file", async () => {
    const space = await new Repository().begun();
    await space.secrets(["set", "docker/password"], canary);
    const theirs = { HOME: join(space.folder, "other") };
    const asked = await space.secrets(["init", "--no-passphrase"], "", theirs);
    expect(asked.stdout).toContain("you cannot read it yet");
    const [, recipient = ""] = /plugboard secrets init --recipient (age1\w+)/.exec(asked.stdout) ?? [];
    const { code, stdout } = await space.secrets(["init", "--recipient", recipient, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      added: [recipient],
      files: [{ path: "plugboard.secrets.json", status: "written" }],
    });
    expect((await space.secrets(["init"], "", theirs)).stdout).toContain("you can read it");
    expect(await space.value("docker/password")).toBe(canary);
    const again = await space.secrets(["init", "--recipient", recipient]);
    expect(again.stdout).toContain("All of them could read it before.");
  });

  it("takes the identity of CI from its variable", async () => {
    const space = new Repository();
    const identity = await generateX25519Identity();
    const { code, stdout } = await space.secrets(["init", "--json"], "", { PLUGBOARD_AGE_IDENTITY: identity });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).recipients).toEqual([await identityToRecipient(identity)]);
    expect(space.list()).toEqual(["package.json", "plugboard.secrets.json", "settings.ts"]);
  });

  it.each([
    [["init"], 2, "no terminal to ask for a passphrase"],
    [["init", "--recipient", "age1nonsense", "--no-passphrase"], 2, "--recipient needs an age recipient"],
    [["init", "more"], 2, 'unexpected argument "more"'],
    [["init", "--store", "age"], 2, "--store does not belong to secrets init"],
    [["init", "--watch"], 2, "--watch"],
    [[], 2, "init, set NAME or list"],
    [["push"], 2, "init, set NAME or list"],
  ])("wrong usage: %j", async (args, code, said) => {
    const space = new Repository();
    const outcome = await space.secrets(args);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(said);
    expect(space.list()).toEqual(["package.json", "settings.ts"]);
  });

  it("makes no file named after a key, nor one where a shell would have put it, nor in a folder of the project", async () => {
    const space = new Repository();
    const before = space.list();
    const key = await generateX25519Identity();
    for (const file of [key, key.toLowerCase(), "~/ci.txt"]) {
      const { code, stdout, stderr } = await space.secrets(["init", "--no-passphrase"], "", {
        PLUGBOARD_AGE_IDENTITY_FILE: file,
      });
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(stdout).toContain("PB703 PLUGBOARD_AGE_IDENTITY_FILE");
      expect(stdout.toLowerCase()).not.toContain(file.toLowerCase());
      expect(space.list()).toEqual(before);
    }
    expect((await space.secrets(["init", "--no-passphrase"], "", { XDG_CONFIG_HOME: "config" })).code).toBe(0);
    expect(readFileSync(space.identity, "utf8")).toContain("AGE-SECRET-KEY-");
  });

  it("leaves a damaged file alone, and makes no identity for it", async () => {
    const space = new Repository({ "plugboard.secrets.json": "<<<<<<< mine\n" });
    const { code, stdout } = await space.secrets(["init", "--no-passphrase"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/plugboard.secrets.json error PB704 .*merge conflict/);
    expect(space.list()).toEqual(["package.json", "plugboard.secrets.json", "settings.ts"]);
  });

  it("wants the configuration to list an encrypted file, and finds where", async () => {
    const config = (stores: string): string =>
      `import { config } from "plugboard";\nexport default config({ stores: ${stores} });\n`;
    const space = new Repository({ "plugboard.config.ts": config('[{ type: "env" }]') });
    expect((await space.secrets(["init", "--no-passphrase"])).stdout).toContain("PB705");
    space.write("plugboard.config.ts", config('[{ type: "age", file: "absent/kept.json" }]'));
    expect((await space.secrets(["init", "--no-passphrase"])).stdout).toMatch(/PB707 .*folder does not exist/);
    expect(existsSync(space.identity)).toBe(false);
    space.write("plugboard.config.ts", config('[{ type: "age", file: "kept.json" }]'));
    expect((await space.secrets(["init", "--no-passphrase"])).code).toBe(0);
    expect(space.list()).toContain("kept.json");
    space.write("plugboard.config.ts", config('[{ type: "agee" }]'));
    const broken = await space.secrets(["set", "a"], canary);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain("plugboard.config.ts error PB142");
    space.write("plugboard.config.ts", 'import "./stores.js";\nexport default {};\n');
    space.write("stores.ts", "const = 1;\n");
    const imported = await space.secrets(["set", "a"], canary);
    expect(imported.code).toBe(1);
    expect(imported.stdout).toContain("stores.ts:1:7 error PB101");
    expect((await space.secrets(["set", "a", "--config", "none.ts"], canary)).stdout).toContain("none.ts error PB100");
  });
});

describe("secrets set", () => {
  it("stores what is piped in, without the line break at its end", async () => {
    const space = await new Repository().begun();
    for (const [input, value] of [
      [canary, canary],
      [`${canary}\n`, canary],
      [`${canary}\r\n`, canary],
      [`${canary}\n\n`, `${canary}\n`],
      ["-----BEGIN KEY-----\nabc\n-----END KEY-----\n", "-----BEGIN KEY-----\nabc\n-----END KEY-----"],
    ] as const) {
      const { code, stdout, stderr } = await space.secrets(["set", "docker/password"], input);
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: "stored   docker/password in plugboard.secrets.json\n",
        stderr: "",
      });
      expect(await space.value("docker/password")).toBe(value);
    }
  });

  it("needs no identity, and no valid settings", async () => {
    const space = await new Repository({ "settings.ts": "export default 1;" }).begun();
    const { code } = await space.secrets(["set", "a"], canary, { HOME: "/nonexistent" });
    expect(code).toBe(0);
    expect(await space.value("a")).toBe(canary);
  });

  it.each([
    [["set"], canary, "the name of the secret is missing"],
    [["set", "a", canary], "", "a value is never an argument"],
    [["set", "a", `--value=${canary}`], "", "Unknown option"],
    [["set", "../a"], canary, "the name of a secret has letters"],
    [["set", "a b"], canary, "the name of a secret has letters"],
    [["set", "a"], "", "the value is empty: there is no terminal"],
    [["set", "a"], "\n", "the value is empty"],
    [["set", "a"], "x".repeat(65_537), "more than 65536 bytes"],
    [["set", "a"], "a\0b", "zero character"],
    [["set", "a"], Buffer.from([0x61, 0xff]), "not text in UTF-8"],
    [["set", "a"], Buffer.concat([Buffer.alloc(65_535, "x"), Buffer.from([0xc3, 0x0a])]), "not text in UTF-8"],
    [["set", "a", "--store", "vault"], canary, '--store "vault" is not among the stores: env, age'],
    [["set", "a", "--access-key-id", canary], canary, "--access-key-id has"],
  ])("wrong usage: %j", async (args, input, said) => {
    const space = await new Repository().begun();
    const before = space.read("plugboard.secrets.json");
    const { code, stdout, stderr } = await space.secrets(args, input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toContain("canary");
    expect(space.read("plugboard.secrets.json")).toBe(before);
  });

  it("says so if stdin is closed", async () => {
    const space = await new Repository().begun();
    const child = spawn("sh", ["-c", `exec "${process.execPath}" "${bin}" secrets set a <&-`], {
      cwd: space.folder,
      env: space.env,
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(2);
    expect(stderr).toContain("there is no terminal to ask on");
  });

  it("needs a store that can be written", async () => {
    const { code, stdout } = await new Repository().secrets(["set", "a"], canary);
    expect(code).toBe(1);
    expect(stdout).toMatch(/error PB705 no store can be written: the environment\n {2}hint: .*plugboard secrets init/);
  });

  it("stores a pair in two steps, so that output knows its access key ID", async () => {
    const space = await new Repository().begun();
    const lock = {
      version: 1,
      accessKeys: { other: { accessKeyId: "AKIAOTHER00000000000", rotatedAt: "2026-01-01" } },
      later: [1],
    };
    space.write("plugboard.lock.json", JSON.stringify(lock));
    const first = await space.secrets(["set", "aws/shop"], JSON.stringify(PAIR));
    expect(first.code).toBe(0);
    expect(JSON.parse(space.read("plugboard.lock.json"))).toEqual({
      ...lock,
      accessKeys: { ...lock.accessKeys, "aws/shop": { accessKeyId: PAIR.accessKeyId } },
    });
    const ID = "AKIAEXAMPLE111111111";
    const second = await space.secrets(["set", "aws/shop", "--access-key-id", ID, "--json"], `${PAIR.secretAccessKey}\n`);
    expect(JSON.parse(second.stdout)).toEqual({
      findings: [],
      name: "aws/shop",
      store: "plugboard.secrets.json",
      accessKeyId: ID,
    });
    expect(JSON.parse((await space.value("aws/shop")) ?? "")).toEqual({ ...PAIR, accessKeyId: ID });
    expect(JSON.parse(space.read("plugboard.lock.json")).accessKeys["aws/shop"]).toEqual({ accessKeyId: ID });
    expect(first.stdout + first.stderr + second.stdout + second.stderr).not.toContain(PAIR.secretAccessKey);
    const compiled = await space.run("compile", "--out", "out");
    expect(compiled.code).toBe(0);
    expect(space.read("out/Shop/project-config.xml")).toContain(ID);
  });

  it("refuses half a pair, and a damaged lock file, before anything is stored", async () => {
    const space = await new Repository().begun();
    const before = space.read("plugboard.secrets.json");
    const half = await space.secrets(["set", "aws/shop"], PAIR.secretAccessKey);
    expect(half.code).toBe(1);
    expect(half.stdout).toContain("PB706");
    const swapped = { accessKeyId: PAIR.secretAccessKey, secretAccessKey: PAIR.accessKeyId };
    const mixed = await space.secrets(["set", "aws/shop"], JSON.stringify(swapped));
    expect(mixed.stdout).toContain("PB706");
    expect(mixed.stdout).not.toContain("canary");
    space.write("plugboard.lock.json", "{");
    const damaged = await space.secrets(["set", "aws/shop"], JSON.stringify(PAIR));
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toContain("plugboard.lock.json error PB143");
    expect(space.read("plugboard.secrets.json")).toBe(before);
    expect(space.read("plugboard.lock.json")).toBe("{");
    expect(half.stdout + damaged.stdout).not.toContain("canary");
  });

  it("says what to do if the lock file cannot be written after the value", async () => {
    const space = await new Repository({ ".plugboard.lock.json.tmp/in-the-way": "" }).begun();
    const { code, stdout } = await space.secrets(["set", "aws/shop"], JSON.stringify(PAIR));
    expect(code).toBe(1);
    expect(stdout).toContain("plugboard.lock.json error PB707 the file cannot be written");
    expect(stdout).toContain("hint: The value is stored in plugboard.secrets.json. Mend this, then run the same command again");
    expect(await space.value("aws/shop")).toBe(JSON.stringify(PAIR));
    expect(space.list()).not.toContain("plugboard.lock.json");
  });

  it("tells of a misspelt name and of a value that comes first", async () => {
    const space = await new Repository().begun();
    const env = { PLUGBOARD_SECRET_DOCKER_PASWORD: "another value" };
    const { code, stdout } = await space.secrets(["set", "docker/pasword"], canary, env);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'note PB709 the settings do not use a secret "docker/pasword"\n  hint: Did you mean "docker/password"?',
    );
    expect(stdout).toContain('warning PB708 the environment has a value for "docker/pasword" as well and comes first');
  });

  it("writes to the store that is named (simulated Vault)", async () => {
    const { address, root } = await startSimulatedVault();
    const space = await new Repository().begun();
    const stores = `[{ type: "env" }, { type: "age" }, { type: "vault", address: ${JSON.stringify(address)} }]`;
    space.write("plugboard.config.ts", `import { config } from "plugboard";\nexport default config({ stores: ${stores} });\n`);
    const denied = await space.secrets(["set", "docker/password", "--store", "vault"], canary, { VAULT_TOKEN: "canary-token" });
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain("does not accept the token");
    const env = { VAULT_TOKEN: root };
    const { code, stdout } = await space.secrets(["set", "docker/password", "--store", "vault"], canary, env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `stored   docker/password in Vault at ${new URL(address).host}\n` });
    expect(await space.value("docker/password")).toBeUndefined();
    const listed = await space.secrets(["list", "--json"], "", env);
    expect(JSON.parse(listed.stdout).secrets).toContainEqual({
      name: "docker/password",
      store: `Vault at ${new URL(address).host}`,
      usedBy: [{ projectId: "Shop", connectionId: "Docker" }],
    });
    const failed = await space.secrets(["list"], "", { VAULT_TOKEN: "canary-token" });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("PB702");
    expect(denied.stdout + stdout + listed.stdout + failed.stdout).not.toContain("canary");
  });

  it("loses nothing of what 8 commands write at once", async () => {
    const space = await new Repository().begun();
    const ids = Array.from({ length: 8 }, (_, index) => `AKIAEXAMPLE00000000${index}`);
    const outcomes = await Promise.all(
      ids.map((id) => space.secrets(["set", `aws/${id}`, "--access-key-id", id], PAIR.secretAccessKey)),
    );
    expect(outcomes.map(({ code }) => code)).toEqual(Array(8).fill(0));
    expect(Object.keys(JSON.parse(space.read("plugboard.secrets.json")).secrets)).toEqual(ids.map((id) => `aws/${id}`));
    expect(Object.keys(JSON.parse(space.read("plugboard.lock.json")).accessKeys)).toEqual(ids.map((id) => `aws/${id}`));
    expect(space.list().filter((each) => /\.(lock|tmp)$/.test(each))).toEqual([]);
  });
});

describe("secrets list", () => {
  it("tells what is used, what is there and what is missing, never a value", async () => {
    const space = await new Repository().begun();
    await space.secrets(["set", "docker/password"], canary);
    await space.secrets(["set", "old/secret"], canary);
    const env = { PLUGBOARD_SECRET_FEATURE_TOKEN: canary, HOME: "/nonexistent" };
    const { code, stdout, stderr } = await space.secrets(["list"], "", env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain('settings.ts:4:106 warning PB701 secret "aws/shop" has no value');
    expect(stdout).toContain(`aws/shop         no value                used by ShopAws
docker/password  plugboard.secrets.json  used by Docker
feature/token    the environment         used by Shop
old/secret       plugboard.secrets.json  not used

4 secrets, looked up in the environment, plugboard.secrets.json.
`);
    expect(stdout).not.toContain(canary);
    expect((await space.secrets(["list", "--max-warnings", "0"], "", env)).code).toBe(1);
  });

  it("writes what else a store has without control characters (simulated Vault)", async () => {
    const { address, root } = await startSimulatedVault();
    const space = new Repository();
    const stores = `[{ type: "vault", address: ${JSON.stringify(address)} }]`;
    space.write("plugboard.config.ts", `import { config } from "plugboard";\nexport default config({ stores: ${stores} });\n`);
    await fetch(`${address}/v1/secret/data/${encodeURIComponent("odd\u001b[2Jname")}`, {
      method: "POST",
      headers: { "x-vault-token": root },
      body: JSON.stringify({ data: { value: "any" } }),
    });
    const { stdout } = await space.secrets(["list"], "", { VAULT_TOKEN: root });
    expect(stdout).toContain("odd\\u001b[2Jname  Vault at ");
  });

  it("has all of it as JSON", async () => {
    const space = await new Repository().begun();
    await space.secrets(["set", "docker/password"], canary);
    const { stdout } = await space.secrets(["list", "--json"]);
    const { findings, stores, secrets } = JSON.parse(stdout);
    expect(findings.map((each: { code: string }) => each.code)).toEqual(["PB701", "PB701"]);
    expect(stores).toEqual([
      { type: "env", label: "the environment", writable: false },
      { type: "age", label: "plugboard.secrets.json", writable: true },
    ]);
    expect(secrets).toEqual([
      { name: "aws/shop", store: null, usedBy: [{ projectId: "Shop", connectionId: "ShopAws" }] },
      { name: "docker/password", store: "plugboard.secrets.json", usedBy: [{ projectId: "Shop", connectionId: "Docker" }] },
      { name: "feature/token", store: null, usedBy: [{ projectId: "Shop" }] },
    ]);
  });

  it("tells what the stores have even if the settings have errors", async () => {
    const space = await new Repository({ "settings.ts": "export default 1;" }).begun();
    await space.secrets(["set", "a"], canary);
    const { code, stdout } = await space.secrets(["list"]);
    expect(code).toBe(1);
    expect(stdout).toContain("error PB104");
    expect(stdout).toContain("a  plugboard.secrets.json  not used");
  });
});

describe.skipIf(!hasTerminals)("on a terminal", () => {
  it("a value is asked for and not shown; keys that correct it work", async () => {
    const space = await new Repository().begun();
    const terminal = space.terminal("set docker/password");
    await terminal.sees("Value of docker/password: ");
    terminal.type("wrong\x15canary-vx");
    terminal.type("\x7f");
    terminal.type("alu\x1b[D\x1b[3~\x1bOCe\x1b");
    terminal.type("-é\r");
    expect(await terminal.ended).toBe(0);
    expect(terminal.output).not.toMatch(/canary|wrong/);
    expect(await space.value("docker/password")).toBe("canary-value-é");
  });

  it("a value of several lines can be pasted", async () => {
    const space = await new Repository().begun();
    const terminal = space.terminal("set docker/password");
    await terminal.sees("Value of docker/password: ");
    terminal.type("\x1b[200~-----BEGIN KEY-----\rcanary\r-----END KEY-----\r\x1b[201");
    terminal.type("~\r");
    expect(await terminal.ended).toBe(0);
    expect(await space.value("docker/password")).toBe("-----BEGIN KEY-----\ncanary\n-----END KEY-----");
    const unmarked = space.terminal("set docker/password");
    await unmarked.sees("Value of docker/password: ");
    unmarked.type("-----BEGIN KEY-----\rcanary\r");
    expect(await unmarked.ended).toBe(2);
    expect(unmarked.output).toContain("several lines: pipe it in");
    expect(terminal.output + unmarked.output).not.toContain("canary");
  });

  it.each([
    ["set docker/password", "Value of docker/password: ", "half a val\x03"],
    ["init", "Passphrase for the new identity: ", "half a pass\x03"],
  ])("Ctrl-C at a question of %s writes nothing and leaves the terminal as it was", async (args, question, typed) => {
    const space = args === "init" ? new Repository() : await new Repository().begun();
    const before = space.list().map((each) => [each, space.read(each)]);
    const terminal = space.terminal(args, '; echo "code $?"; stty -a');
    await terminal.sees(question);
    terminal.type(typed);
    await terminal.ended;
    expect(terminal.output).toContain("code 130");
    expect(terminal.output).toMatch(/ icanon /);
    expect(terminal.output).toMatch(/ echo /);
    expect(terminal.output).not.toMatch(/half a|error/);
    expect(space.list().map((each) => [each, space.read(each)])).toEqual(before);
  });

  it("the identity gets a passphrase, asked for twice, and then for every use", async () => {
    const space = new Repository();
    const different = space.terminal("init");
    await different.sees("Passphrase for the new identity: ");
    different.type("correct horse\r");
    await different.sees("The same again: ");
    different.type("correct house\r");
    expect(await different.ended).toBe(2);
    expect(space.list()).toEqual(["package.json", "settings.ts"]);

    const terminal = space.terminal("init");
    await terminal.sees("Passphrase for the new identity: ");
    terminal.type("correct horse\r");
    await terminal.sees("The same again: ");
    terminal.type("correct horse\r");
    expect(await terminal.ended).toBe(0);
    expect(readFileSync(space.identity, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect((await space.secrets(["set", "docker/password"], canary)).code).toBe(0);

    const recipient = await identityToRecipient(await generateX25519Identity());
    const unattended = await space.secrets(["init", "--recipient", recipient]);
    expect(unattended.code).toBe(1);
    expect(unattended.stdout).toContain("there is no terminal to ask for it");
    const admitting = space.terminal(`init --recipient ${recipient}`);
    await admitting.sees("Passphrase of ");
    admitting.type("correct horse\r");
    expect(await admitting.ended).toBe(0);
    expect(JSON.parse(space.read("plugboard.secrets.json")).recipients).toContain(recipient);
    expect(different.output + terminal.output + admitting.output).not.toContain("horse");
  });
});
