import { dirname, join } from "node:path";
import { codes } from "../model/codes.js";
import { type Finding, FindingsError, finding } from "../model/finding.js";
import { isAccessKeyId, readKeyPair, serializeKeyPair } from "../model/key-pair.js";
import { emptyLock, LOCK_FILE, parseLock, serializeLock, withAccessKey } from "../model/lock.js";
import { Redacted } from "../model/redacted.js";
import { secretName } from "../model/schema.js";
import { nearest, quote } from "../model/text.js";
import type { Secrets, Store } from "../secrets/index.js";
import { updateFile } from "../secrets/update-file.js";
import { UsageError } from "./options.js";
import { readHidden } from "./prompt.js";
import type { Report } from "./report.js";
import type { SecretsContext } from "./secrets.js";
import { secretUses } from "./secrets-uses.js";

/** Stores a value. The access key ID of a pair goes to the lock file as well, from where output gets it. */
export async function setSecret({ options, values, args, project, secrets }: SecretsContext): Promise<Report> {
  const name = checkName(args);
  const accessKeyId = checkAccessKeyId(values["access-key-id"]);
  const store = chooseStore(secrets.stores, values.store);
  const uses = project.settings === undefined ? undefined : [...secretUses(project.settings.project, project.types)];
  const lockFile = join(dirname(options.file), LOCK_FILE);
  const brokenLock = project.findings.filter(({ severity, place }) => severity === "error" && place?.file === lockFile);
  if (brokenLock.length > 0) throw new FindingsError(brokenLock);

  const given = new Redacted(
    await readHidden(accessKeyId === undefined ? `Value of ${name}: ` : `Secret access key of ${name}: `),
    name,
  );
  const value = accessKeyId === undefined ? given : serializeKeyPair({ accessKeyId, secretAccessKey: given }, name);
  const pair = readKeyPair(value);
  const isPairWanted = uses?.some((each) => each.name === name && each.isPair) ?? false;
  if (pair === undefined ? isPairWanted : !isAccessKeyId(pair.accessKeyId)) throw noPair(name);

  await store.set(name, value);
  const findings = [
    ...(await shadows(name, store, secrets)),
    ...unused(
      name,
      uses?.map((each) => each.name),
    ),
  ];
  if (pair !== undefined) await writeLock(lockFile, name, pair.accessKeyId, store);
  return {
    findings,
    data: { name, store: store.label, accessKeyId: pair?.accessKeyId },
    lines: [
      `stored   ${name} in ${store.label}`,
      ...(pair === undefined
        ? []
        : [`written  ${LOCK_FILE}: access key ID ${pair.accessKeyId}. Compile again, and commit both.`]),
    ],
  };
}

function checkName([name, ...others]: readonly string[]): string {
  if (name === undefined) throw new UsageError("the name of the secret is missing");
  if (others.length > 0) {
    // What follows is perhaps the value: it is not repeated.
    throw new UsageError(
      "a value is never an argument, where the shell's history and other users of the machine would see it. It is asked for, or piped in",
    );
  }
  if (secretName.safeParse(name, { jitless: true }).success) return name;
  throw new UsageError(
    "the name of a secret has letters, digits and . _ / - and starts with a letter or digit, at most 200 in all",
  );
}

function checkAccessKeyId(id: string | undefined): string | undefined {
  if (id === undefined || isAccessKeyId(id)) return id;
  throw new UsageError("--access-key-id has at least 16 capitals and digits, such as AKIA…");
}

function chooseStore(stores: readonly Store[], type: string | undefined): WritableStore {
  const known = [...new Set(stores.map((each) => each.type))];
  const fitting = stores.filter((each) => type === undefined || each.type === type);
  if (fitting.length === 0)
    throw new UsageError(`--store ${quote(type ?? "")} is not among the stores: ${known.join(", ") || "none"}`);
  const writable = fitting.find((each): each is WritableStore => each.set !== undefined);
  if (writable !== undefined) return writable;
  const labels = fitting.map(({ label }) => label).join(", ");
  throw new FindingsError([finding("PB705", `no store can be written: ${labels}`, { hint: codes.PB705.help })]);
}

type WritableStore = Store & Required<Pick<Store, "set">>;

function noPair(name: string): FindingsError {
  const hint = `Nothing was stored. Give the secret access key, and its ID with --access-key-id, or both as JSON: {"accessKeyId": "…", "secretAccessKey": "…"}.`;
  return new FindingsError([
    finding("PB706", `the value for ${quote(name)} is not an access key ID with its secret access key`, { hint }),
  ]);
}

/** Stores that come first and know the name as well. One that cannot be asked now will be an error when it is used. */
async function shadows(name: string, store: Store, { stores }: Secrets): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const each of stores.slice(0, stores.indexOf(store))) {
    const names = await each.list([name]).catch((): readonly string[] => []);
    if (!names.includes(name)) continue;
    const message = `${each.label} has a value for ${quote(name)} as well and comes first`;
    found.push(finding("PB708", message, { hint: `Remove it there, or the value in ${store.label} is not used.` }));
  }
  return found;
}

function unused(name: string, names: readonly string[] | undefined): Finding[] {
  if (names === undefined || names.includes(name)) return [];
  const meant = nearest(name, names);
  return [
    finding(
      "PB709",
      `the settings do not use a secret ${quote(name)}`,
      meant === undefined ? {} : { hint: `Did you mean ${quote(meant)}?` },
    ),
  ];
}

/** The value is stored by now: if this fails, running the command again mends it. */
async function writeLock(file: string, name: string, accessKeyId: string, store: Store): Promise<void> {
  try {
    await updateFile(file, (text) => {
      const { lock, findings } = text === undefined ? { lock: emptyLock, findings: [] } : parseLock(text);
      if (findings.length > 0) throw new FindingsError(findings.map((each) => ({ ...each, place: { file, ...each.place } })));
      return serializeLock(withAccessKey(lock, name, accessKeyId));
    });
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error;
    const hint = `The value is stored in ${store.label}. Mend this, then run the same command again: ${LOCK_FILE} lacks the access key ID.`;
    throw new FindingsError(error.findings.map((each) => ({ ...each, hint })));
  }
}
