import * as z from "zod";
import type { Acknowledgement, Connection, ConnectionForm, Secret, SecretForm } from "./values.js";

/** The longest text a setting may hold, in UTF-16 code units. */
export const MAX_TEXT = 65_536;

/** The most levels that projects may be nested in: far more than servers have, and few enough to recurse. */
export const MAX_DEPTH = 100;

/** The newest version of the model that this release reads, and the one it writes. */
export const MODEL_VERSION = 1;

/** `$schema` of a model file and `$id` of the published JSON Schema. */
export const MODEL_SCHEMA_ID = `urn:plugboard:settings:${MODEL_VERSION}`;

/** A text that says something: not empty, not too long. */
export const text = z.string().min(1).max(MAX_TEXT);

/** A text that may be empty. */
const anyText = z.string().max(MAX_TEXT);

/** The name of a secret. */
export const secretName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
    "PB132 a secret's name has letters, digits and . _ / - and starts with a letter or digit",
  )
  .max(200);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function inCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const namedSecret = z.strictObject({
  $secret: secretName,
  expires: z
    .string()
    .regex(DAY, "PB132 an expiry date is written 2027-03-01")
    .refine((day) => !DAY.test(day) || inCalendar(day), "PB132 the calendar has no such day")
    .optional(),
});

const existingToken = z.strictObject({
  $token: z
    .string()
    .regex(
      /^credentialsJSON:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      "PB132 a token is written credentialsJSON: and a lower-case UUID",
    ),
});

const keptSecret = z.strictObject({ $stored: z.literal(true) });

/** The forms of a secret. They make up a union wherever a secret may stand: nobody shows what else is found there. */
export const secretForms: readonly z.ZodObject[] = [namedSecret, existingToken, keptSecret];

/** What is said where a secret belongs. */
export const SECRET_EXPECTED = 'expected a secret: secret("name"), token("credentialsJSON:…") or storedSecret()';

const secretForm = z
  .union([namedSecret, existingToken, keptSecret] satisfies z.ZodType<SecretForm>[], { error: `PB113 ${SECRET_EXPECTED}` })
  .meta({ id: "Secret" });

/** A secret in any of its three forms. */
export const secret = secretForm as unknown as z.ZodType<Secret>;

/** A secret whose value Plugboard itself keeps and changes, such as a managed pair: only its name can stand for it. */
export const managedSecret = secretForm
  .refine((form) => "$secret" in form, 'PB113 a managed pair is named: secret("name")')
  .meta({ typeName: "Secret" }) as unknown as z.ZodType<Secret>;

/** A reference to a connection of one kind: a handle in TypeScript, `{ "$connection": "Id" }` in JSON. */
export function connectionOf<const Kind extends string>(kind: Kind): z.ZodType<Connection<Kind>> {
  const form = z.strictObject({ $connection: text, external: z.literal(true).optional() });
  return (form satisfies z.ZodType<ConnectionForm>).meta({
    typeName: `Connection<${JSON.stringify(kind)}>`,
  }) as unknown as z.ZodType<Connection<Kind>>;
}

/** Stored parameters as they are; `null` leaves one out. */
const storedParams = z.record(text, z.union([anyText, secretForm, z.null()]));

const acknowledgements = z.array(
  z.strictObject({ code: z.string().regex(/^[A-Z]+\d+$/, "PB132 a code is written PB204"), reason: text }),
) satisfies z.ZodType<Acknowledgement[]>;

/** The settings that every connection type has besides its own. */
const common = {
  params: (storedParams as unknown as z.ZodType<Record<string, string | Secret | null>>)
    .describe(
      "Stored parameters as they are, written over what the settings give; `null` leaves one out. For what TeamCity stores and no setting expresses.",
    )
    .optional(),
  acknowledge: (acknowledgements as unknown as z.ZodType<readonly Acknowledgement[]>)
    .describe('Findings accepted for this connection, each with a reason: `acknowledge("PB204", "…")`.')
    .optional(),
};

/**
 * The schema of a connection type's settings: the fields given, closed to any other, with the ones common to all types.
 * Every field is described with `.describe(…)`: the text becomes the editor's hint, the JSON Schema's description and
 * the documentation.
 */
export function connectionSettings<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({
    displayName: text.describe("The name shown in TeamCity's lists."),
    ...shape,
    ...common,
  });
}

/** What the model needs to know of a connection type. */
export interface KindSchema {
  readonly kind: string;
  readonly settings: z.ZodType;
}

/** A connection as the model holds it. */
export interface ConnectionNode {
  readonly id: string;
  readonly kind: string;
  readonly settings: ConnectionSettings;
}

/** The settings of a connection of any kind, as JSON. */
export interface ConnectionSettings {
  readonly displayName: string;
  readonly params?: Readonly<Record<string, string | SecretForm | null>>;
  readonly acknowledge?: readonly Acknowledgement[];
  readonly [setting: string]: unknown;
}

/** A project feature that is not a connection, or one whose type is not known. */
export interface FeatureNode {
  readonly id: string;
  readonly type: string;
  readonly params: Readonly<Record<string, string | SecretForm>>;
}

export interface ProjectNode {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly parentId?: string;
  readonly archived?: boolean;
  readonly uuid?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly acknowledge?: readonly Acknowledgement[];
  readonly connections: readonly ConnectionNode[];
  readonly features: readonly FeatureNode[];
  readonly subProjects: readonly ProjectNode[];
}

/** The portable settings model: one project tree. */
export interface Settings {
  readonly $schema: string;
  readonly version: typeof MODEL_VERSION;
  readonly project: ProjectNode;
}

/** A project whose sub-projects nobody has looked at. */
export type OwnProject = Omit<ProjectNode, "subProjects">;

function ownShape(kinds: readonly KindSchema[]) {
  const connection = z.discriminatedUnion(
    "kind",
    kinds.map((each) =>
      z.strictObject({ id: text, kind: z.literal(each.kind), settings: each.settings }).meta({ id: `connection-${each.kind}` }),
    ) as unknown as [z.ZodObject<{ kind: z.ZodLiteral<string> }>],
  );
  const feature = z.strictObject({
    id: text,
    type: text,
    params: z.record(text, z.union([anyText, secretForm])),
  });
  return {
    id: text,
    name: text.optional(),
    description: anyText.optional(),
    parentId: text.optional(),
    archived: z.boolean().optional(),
    uuid: z.string().max(100).optional(),
    parameters: z.record(text, anyText).optional(),
    acknowledge: acknowledgements.optional(),
    connections: z.array(connection).default([]),
    features: z.array(feature).default([]),
  };
}

/** The schema of a project whose connections are of the given kinds; its sub-projects are any list. */
export function ownProjectSchema(kinds: readonly KindSchema[]): z.ZodType<OwnProject> {
  const project = z.strictObject({ ...ownShape(kinds), subProjects: z.array(z.unknown()).default([]) });
  return project as unknown as z.ZodType<OwnProject>;
}

/** The schema of a whole project tree, for the published JSON Schema. */
function projectSchema(kinds: readonly KindSchema[]): z.ZodType<ProjectNode> {
  const project = z
    .strictObject({
      ...ownShape(kinds),
      get subProjects(): z.ZodDefault<z.ZodArray<z.ZodType<unknown>>> {
        return z.array(project as z.ZodType<unknown>).default([]);
      },
    })
    .meta({ id: "Project" });
  return project as unknown as z.ZodType<ProjectNode>;
}

/** A model file, its project not looked at. */
export const envelopeSchema = z.strictObject({
  $schema: z.string().default(MODEL_SCHEMA_ID),
  version: z.literal(MODEL_VERSION),
  project: z.unknown(),
});

/** The schema of a model file. */
export function settingsSchema(kinds: readonly KindSchema[]): z.ZodType<Settings> {
  return envelopeSchema.extend({ project: projectSchema(kinds) }) as unknown as z.ZodType<Settings>;
}
