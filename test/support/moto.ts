import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as iam from "@aws-sdk/client-iam";
import { requireProgram } from "./servers.js";

/** How moto is started: as the program, or as a module of Python. */
const command: readonly string[] | undefined =
  spawnSync("python3", ["-c", "import moto.server"]).status === 0
    ? ["python3", "-m", "moto.server"]
    : requireProgram("moto_server", 'pip install "moto[server]==5.2.1"')
      ? ["moto_server"]
      : undefined;

/** Tells whether moto is there; tests that need it are skipped otherwise. */
export const hasMoto: boolean = command !== undefined;

export const ACCOUNT = "123456789012";

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Who may assume a role, by ARN, and the external ID that the trust policy demands. */
export interface Trust {
  readonly principal: string;
  readonly externalId?: string;
}

/** A moto server, with the users and roles that were made in it. moto is an emulator of AWS; what it leaves out, `Shim` adds. */
export class Moto {
  readonly port: number;
  readonly secrets = new Map<string, string>();
  readonly roles = new Map<string, Trust>();
  readonly #process: ChildProcess;
  readonly #iam: iam.IAMClient;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
    this.#iam = new iam.IAMClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAFIXTURE000000000", secretAccessKey: "fixture" },
    });
  }

  static async start(): Promise<Moto> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
    const [program = "", ...options] = command ?? [];
    const child = spawn(program, [...options, "-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "pipe"] });
    const port = await new Promise<number>((resolve, reject) => {
      let printed = "";
      const look = (text: string): void => {
        printed += text;
        const [, port] = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
        if (port !== undefined) resolve(Number(port));
      };
      child.stdout.setEncoding("utf8").on("data", look);
      child.stderr.setEncoding("utf8").on("data", look);
      child.on("error", reject).on("exit", () => reject(new Error(`moto has ended: ${printed}`)));
    });
    return new Moto(child, port);
  }

  /** Verifies signatures and policies from now on, or no longer. */
  async enforce(on: boolean): Promise<void> {
    const options = { method: "POST", headers: { "content-type": "text/plain" }, body: on ? "0" : "inf" };
    const answer = await fetch(`http://127.0.0.1:${this.port}/moto-api/reset-auth`, options);
    if (!answer.ok) throw new Error(`moto does not switch enforcement: ${answer.status}`);
  }

  /** Makes a user who may do some actions, with one access key. */
  async createUser(UserName: string, ...actions: string[]): Promise<AccessKey> {
    await this.#iam.send(new iam.CreateUserCommand({ UserName }));
    if (actions.length > 0) {
      const PolicyDocument = policy({ Effect: "Allow", Action: actions, Resource: "*" });
      await this.#iam.send(new iam.PutUserPolicyCommand({ UserName, PolicyName: "granted", PolicyDocument }));
    }
    return this.createAccessKey(UserName);
  }

  async createAccessKey(UserName: string): Promise<AccessKey> {
    const { AccessKey } = await this.#iam.send(new iam.CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
    this.secrets.set(accessKeyId, secretAccessKey);
    return { accessKeyId, secretAccessKey };
  }

  /** Makes a role and gives its ARN. */
  async createRole(RoleName: string, trust: Trust, ...actions: string[]): Promise<string> {
    const condition = { StringEquals: { "sts:ExternalId": trust.externalId } };
    const AssumeRolePolicyDocument = policy({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { AWS: trust.principal },
      ...(trust.externalId === undefined ? {} : { Condition: condition }),
    });
    const { Role } = await this.#iam.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    if (actions.length > 0) {
      const PolicyDocument = policy({ Effect: "Allow", Action: actions, Resource: "*" });
      await this.#iam.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: "granted", PolicyDocument }));
    }
    const arn = Role?.Arn ?? "";
    this.roles.set(arn, trust);
    return arn;
  }

  stop(): void {
    this.#process.kill();
  }
}

function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
