export const severities = ["error", "warning", "note"] as const;

export type Severity = (typeof severities)[number];

/** What a code stands for: one entry of `docs/errors.md`. */
export interface CodeEntry {
  readonly severity: Severity;
  /** One line, in the words of the table of contents. */
  readonly title: string;
  /** Why it is reported and how to mend it. */
  readonly help: string;
}

/**
 * Every code the project itself reports. A connection type adds its own in its folder (`codes` of its definition).
 * `docs/errors.md` is generated from this table and from theirs.
 */
export const codes = {
  PB100: final("The file cannot be read", "Check the path and its permissions. `--settings FILE` names another file."),
  PB101: final("The settings do not parse", "The TypeScript at the place shown has a syntax error."),
  PB102: final(
    "An import cannot be used",
    "Settings may import local files, JSON and npm packages. Node's own modules are not available: settings are data, evaluated without a file system, network or environment.",
  ),
  PB103: final("The settings threw an error", "The message is the error's own; the place is the innermost frame of your code."),
  PB104: final(
    "No usable default export",
    "A settings file ends in `export default project(…)` or `export default settings(…, (inputs) => project(…))`.",
  ),
  PB105: final(
    "A body is asynchronous",
    "Bodies are synchronous: settings read nothing from outside. Declare an input with `settings(…)`, or import a JSON file.",
  ),
  PB106: final(
    "A scope was used after it closed, or while a sub-project is open",
    "Take the functions from the innermost scope: `subProject(id, ({ awsConnection }) => …)`.",
  ),
  PB107: final("A declared input is missing", "Give it on the command line: `--input name=value`."),
  PB108: final("An input is given that the settings do not declare", "Check the spelling, or declare it in `settings({ … })`."),
  PB109: final("An input has a value it cannot have", "Choose one of the values listed."),
  PB110: final("A setting is missing", "Add the setting that is named."),
  PB111: final("A setting is not known", "Check the spelling. A stored parameter without a setting goes into `params`."),
  PB112: final("A setting has the wrong type", "Write the type that is named."),
  PB113: final(
    "Plain text stands where a secret belongs",
    'Settings hold the names of secrets, never their values: write `secret("name")`. The text found is never printed.',
  ),
  PB114: final("A choice is not one of those possible", "Choose one of the values listed."),
  PB115: final(
    "A connection kind is not registered",
    "Check the spelling, or name the plug-in that brings the type with `--plugin`.",
  ),
  PB116: final("A text is too long", "A value may have at most 65,536 characters."),
  PB117: final("A number is out of range", "Choose a number within the range that is named."),
  PB118: final("A text is empty", "Give the setting a value or leave it out."),
  PB119: final("The same setting is given in two ways", "Keep one of the two forms."),
  PB120: final(
    "A project ID is not valid",
    "A project ID starts with a Latin letter and goes on with Latin letters, digits and underscores; it has at most 225 characters. `_Root` is the one exception, for the top project.",
  ),
  PB121: warning(
    "A project ID is longer than 80 characters",
    "TeamCity's documentation names 80 as the limit, its server 225. A shorter ID is safe on both.",
  ),
  PB122: final(
    "A connection ID is not valid",
    "Most types take any text that is not blank and has no line breaks. A type that needs the syntax of project IDs says so.",
  ),
  PB123: final("Projects are nested too deeply", "A tree has at most 100 levels. Declare projects further up."),
  PB130: warning("An address does not look right", "TeamCity stores it as it is; the connection will probably not work."),
  PB131: final(
    "An address holds credentials",
    "Take user name and password out of the URL: settings are committed. The address is never printed.",
  ),
  PB132: final("A value does not have the form that the service demands", "See the hint of the finding."),
  PB133: warning("A value does not have the form that the service uses", "See the hint of the finding."),
  PB136: final(
    "Plain text stands in a `secure:` parameter",
    'Give a `secret("name")`, a `token("credentialsJSON:…")` or an empty text. The text found is never printed.',
  ),
  PB140: final("The model is of a newer version", "Update Plugboard: this release reads the versions up to the one it writes."),
  PB141: final(
    "The file is not JSON",
    "The message tells line and column, if the parser does. The file's text is never printed.",
  ),
  PB142: final("The configuration is not valid", "See `plugboard.config.ts` in the documentation."),
  PB143: final("The lock file is not valid", "`plugboard.lock.json` is written by commands. Restore it from version control."),

  PB150: final("The settings use too much memory", "The limit is that of the engine that runs them: `--memory-limit MIB`."),
  PB151: final("The settings do not end in time", "Is there a loop without an end? `--time-limit SECONDS` allows more."),
  PB152: final(
    "The settings call themselves too deeply",
    "The engine's stack is small: 128 KiB at most, less with `--stack-limit KIB`.",
  ),
  PB153: final("The bundled settings are too large", "Settings and all they import become one script: `--bundle-limit MIB`."),
  PB154: final("The declared settings are too large", "The limit is on their JSON text: `--output-limit MIB`."),
  PB155: final(
    "An import leads out of the root",
    "Settings import files below the root and its `node_modules`. Name a wider folder with `--root`; settings that you trust may import from anywhere with `--trust`.",
  ),
  PB156: final(
    "Something is used that settings do not have",
    "Settings are data, evaluated with the language and nothing else: no clock, no randomness, no file system, environment or network. Settings that you trust run in Node with `--trust`.",
  ),

  PB201: final("Two projects have one ID", "TeamCity compares project IDs without regard to case. Rename one of them."),
  PB202: final("Two features of a project have one ID", "Connection IDs are compared exactly. Rename one of them."),
  PB203: error(
    "A connection ID is taken elsewhere in the tree",
    "Connections of this type are unique over the whole server. TeamCity would silently append a number.",
  ),
  PB204: warning(
    "A connection ID is also used in a parent project",
    "References hold the bare ID; which of the two TeamCity takes is not documented. Rename one of them.",
  ),
  PB205: error(
    "A reference points to a connection that does not exist",
    "Declare the connection, or use `connectionRef(kind, id)` for one outside this tree.",
  ),
  PB206: error("A reference points to a connection of another kind", "Choose a connection of the kind that is named."),
  PB207: error(
    "A reference points to a connection that is not visible there",
    "A connection serves its own project and, where it is shared, the projects below. The finding names the switch or the move that mends it.",
  ),
  PB208: error(
    "References form a circle",
    "No connection in the circle can ever get credentials. Let one of them stand on its own.",
  ),
  PB209: note(
    "A reference cannot be verified",
    "`connectionRef` names a connection outside this tree. Whether it exists and is visible shows only on the server.",
  ),
  PB210: error(
    "Two sub-projects of one project have one name",
    "TeamCity compares names within a parent without regard to case.",
  ),
  PB211: warning("An acknowledgement accepts nothing", "The finding it names is not reported there. Remove it."),
  PB212: final(
    "A project has no place to be",
    "`parentId` belongs to the top project only; a sub-project's parent is the scope it is declared in.",
  ),
  PB213: final(
    "A value was not imported",
    "`plugboard import` could not read the value in the file and line that the placeholder names, such as a function call in Kotlin. Write the value in its place.",
  ),

  PB301: final(
    "The output cannot be written",
    "Check that the folder exists or can be made, and its permissions. The finding says whether anything was changed.",
  ),
  PB302: final(
    "An existing file is not understood",
    "The file is not a project configuration as TeamCity writes it, or not one that Plugboard wrote before. It was left as it is.",
  ),
  PB303: final(
    "A stored secret has no stored value",
    '`storedSecret()` keeps the scrambled value of an existing file. Compile into the folder that holds it, or use `secret("name")`.',
  ),
  PB304: final(
    "The access key ID of a managed pair is not known",
    "It comes from `plugboard.lock.json`, which is written when the pair is stored or rotated. JSON output does not need it. To do without, give `accessKeyId` and `secretAccessKey`.",
  ),
  PB305: final("The committed output differs", "Run `plugboard compile` and commit the result."),
  PB306: warning(
    "An existing file holds a connection that the settings do not declare",
    'It was left as it is. Declare it, or say in `plugboard.config.ts` what becomes of such connections: `ownership: "leave"` or `"remove"`.',
  ),
  PB307: final(
    "A text holds a character that XML cannot hold",
    "Control characters and halves of surrogate pairs have no form in XML 1.0.",
  ),
  PB308: warning(
    "A part of a Kotlin file is not understood",
    "An import reads constants, string templates and concatenation. What is calculated (calls, loops, context parameters) gets a placeholder, and `plugboard check` fails until a value stands there.",
  ),
  PB309: warning(
    "The input holds a secret in plain text",
    'The value was neither printed nor copied. Put it into a secret store, name it with `secret("name")`, and change it on the provider\'s side: it has been in a file.',
  ),
  PB310: final(
    "There is nothing to import",
    "`plugboard import PATH` reads a `.teamcity` folder, a folder of project folders, a `project-config.xml` or a `settings.kts`.",
  ),
  PB311: warning(
    "A patch is not understood",
    "TeamCity keeps changes made in its pages as files in `patches/`. This one was not applied: fold it into the settings by hand.",
  ),
  PB312: warning(
    "A Kotlin file does not parse",
    "The place shown has a syntax error, or Kotlin that the grammar does not know. What stands around it was read as far as it goes; a placeholder in the settings makes `plugboard check` fail until somebody has looked.",
  ),
  PB313: final(
    "Kotlin cannot express a setting",
    "The portable Kotlin DSL has no form for it. Compile to XML or JSON, or change the setting as the finding says.",
  ),
  PB314: final(
    "Settings cannot be edited there",
    "Edits change literals: an object written out in place. What is calculated, spread or shared has to be changed by hand.",
  ),
  PB315: note(
    "A part of the input is left alone",
    "Settings describe connections and other project features. What else the input holds (build configurations, roots, templates) stays where it is.",
  ),

  PB401: note(
    "The secret is proven, something else could not be looked at",
    "The service accepted the credentials. What could not be looked at is named; `--strict` makes it a failure.",
  ),
  PB402: note(
    "Nothing can prove it without a person",
    "Some rights exist only once somebody has signed in, and no request can ask for them before. `--strict` makes it a failure.",
  ),
  PB403: warning(
    "It works, and the provider has announced its end",
    "Plan the move to what the finding names. `--strict` makes it a failure.",
  ),
  PB410: error(
    "A connection cannot be tested with these settings",
    "Something is wrong before any request leaves: a secret without a value, a key that cannot be read, an address that is none. Nothing was sent to the service.",
  ),
  PB411: error(
    "The service does not know the ID",
    "The client, application or access key ID, or the user, is not known to the service: a typing error, or it was deleted.",
  ),
  PB412: error(
    "The service refuses the secret",
    "The ID is known and the secret does not belong to it. Put the current value into the store: `plugboard secrets set NAME`.",
  ),
  PB413: error(
    "The service refuses the credentials",
    "It does not tell whether the ID or the secret is wrong. Compare both with what the provider's console shows.",
  ),
  PB414: error("The credentials were revoked", "They were good once. Make new ones and put them into the store."),
  PB415: error("The credentials have expired", "Make new ones, put them into the store, and give the secret an `expires` date."),
  PB416: error(
    "The installation or account is suspended",
    "Somebody with rights on the provider's side has to lift the suspension.",
  ),
  PB417: error(
    "The credentials belong to something else",
    "They are valid, and what they belong to is not what the settings name. The message tells the field that differs.",
  ),
  PB418: error("A permission is missing", "The evidence lists what is missing. `docs/connections/` tells what each use needs."),
  PB419: error("The app exists and is not installed", "Install it for the owner that the settings name."),
  PB420: error(
    "The callback URL is not registered",
    "Register the address that the guide of the type names, for every address of the server.",
  ),
  PB421: error(
    "Something answers that is not this service",
    "The address leads to another product, another path or a sign-in page. The evidence tells what answered.",
  ),
  PB422: error("The clock is off", "Signatures and tokens depend on the time. Set the clock of the machine that runs the test."),
  PB423: error("The service no longer exists", "Remove the connection, or move it to what the provider names as successor."),
  PB430: error(
    "The name cannot be resolved",
    "The host's name is misspelt, or only known in another network. A test tells what is reachable from where it runs.",
  ),
  PB431: error("The connection is refused", "Nothing listens on that port, or a firewall rejects it."),
  PB432: error(
    "The connection is closed without an answer",
    "Often an `http` address where the server speaks TLS, or a server that wants a client certificate.",
  ),
  PB433: error("There is no answer in time", "`--timeout SECONDS` allows more. A firewall that drops packets looks the same."),
  PB434: error(
    "The certificate is signed by an authority that is not trusted",
    "Name the authority's certificate in `ca` of plugboard.config.ts. TeamCity needs it too: Administration, SSL / HTTPS Certificates.",
  ),
  PB435: error("The certificate is for another name", "Use the name that is in the certificate, or have one made for this name."),
  PB436: error("The certificate has expired", "Renew it on the server."),
  PB437: error(
    "The two sides do not speak the same TLS",
    "Often an `https` address where the server speaks plain HTTP, or a server with versions of TLS that are no longer safe.",
  ),
  PB438: error("The proxy wants other credentials", "Check user name and password of the proxy."),
  PB439: error(
    "The proxy does not let the request through",
    "Its answer is in the evidence. `NO_PROXY` or `proxy` excludes a host.",
  ),
  PB440: error("The service limits the rate", "Try again after the time that the evidence names."),
  PB441: error("The service fails", "It answered with an error of its own, or with something that its interface does not allow."),
  PB449: error(
    "A test itself failed",
    "This is an error in Plugboard or in a plug-in. Please report it; the report holds no secret.",
  ),
  PB450: note(
    "A connection was not tested",
    "The reason is in the message: a value that only the TeamCity server knows, a host that `hosts` does not allow, or a stored secret that the change would send somewhere new.",
  ),

  PB701: warning(
    "A secret has no value",
    "No store knows the name. `plugboard secrets set NAME` gives it a value; `plugboard secrets list` tells what each store has.",
  ),
  PB702: error(
    "A secret store cannot be used",
    "It did not answer, or it refused. Stores further down the list are not asked then: they might hold an older value.",
  ),
  PB703: error(
    "A value cannot be decrypted",
    "The identity, which is the private key of a reader of `plugboard.secrets.json`, is missing or is none of its recipients. It comes from `PLUGBOARD_AGE_IDENTITY`, the file that `PLUGBOARD_AGE_IDENTITY_FILE` names, or `~/.config/plugboard/identity.txt`.",
  ),
  PB704: error(
    "The file of secrets is damaged",
    "It is left as it is. Resolve the conflict of a merge, or restore the file from version control.",
  ),
  PB705: error(
    "No store can be written",
    "Variables of the environment are only read. `plugboard secrets init` makes an encrypted file beside the settings.",
  ),
  PB706: error(
    "A value is not what its use needs",
    'A pair is the JSON `{"accessKeyId": "…", "secretAccessKey": "…"}`; `--access-key-id` makes one of a secret access key. Other values are texts.',
  ),
  PB707: error(
    "A file that belongs to secrets cannot be written",
    "The message tells the reason. The file is either as it was or complete: it is never half written.",
  ),
  PB708: warning(
    "A stored value is not the one in use",
    "A store further up the list knows the name as well, and the first one that knows a name gives its value.",
  ),
  PB709: note("The settings do not use a secret", "Is the name spelt as in the settings? `plugboard secrets list` tells both."),
} as const satisfies Record<string, CodeEntry>;

export type CoreCode = keyof typeof codes;

/** Whether findings of a code can neither be acknowledged nor rated otherwise: there would be no output, or a wrong one. */
export function isFinal(code: string): boolean {
  return isCoreCode(code) && "final" in codes[code];
}

/** Tells whether a text is one of the project's own codes. */
export function isCoreCode(code: string): code is CoreCode {
  return Object.hasOwn(codes, code);
}

/** An error that nobody can accept. */
function final(title: string, help: string): CodeEntry & { severity: "error"; final: true } {
  return { severity: "error", title, help, final: true };
}

function error(title: string, help: string): CodeEntry & { severity: "error" } {
  return { severity: "error", title, help };
}

function warning(title: string, help: string): CodeEntry & { severity: "warning" } {
  return { severity: "warning", title, help };
}

function note(title: string, help: string): CodeEntry & { severity: "note" } {
  return { severity: "note", title, help };
}
