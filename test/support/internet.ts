import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { createServer as createHttpServer, request as forward, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server as NetServer, type Socket } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { onTestFinished } from "vitest";
import { Workspace } from "./workspace.js";

x509.cryptoProvider.set(webcrypto as never);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const DAY = 24 * 3600 * 1000;

/** A key and its certificate in PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

export interface LeafOptions {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Whether the certificate's own key signs it. Default: the authority's. */
  readonly selfSigned?: boolean;
}

/** A certificate authority for tests. Its certificate and keys exist in memory only. */
export class Authority {
  readonly cert: string;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #name = "CN=Test authority";

  private constructor(keys: webcrypto.CryptoKeyPair, cert: string) {
    this.#keys = keys;
    this.cert = cert;
  }

  static async create(): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const cert = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: "CN=Test authority",
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 30 * DAY),
      keys: keys as never,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
      ],
    });
    return new Authority(keys as webcrypto.CryptoKeyPair, cert.toString("pem"));
  }

  /** A server's certificate for names and IP addresses, signed by this authority. */
  async issue(names: readonly string[], { notBefore, notAfter, selfSigned = false }: LeafOptions = {}): Promise<Identity> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const signer = selfSigned ? keys : this.#keys;
    const cert = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex"),
      subject: `CN=${names[0]}`,
      issuer: selfSigned ? `CN=${names[0]}` : this.#name,
      notBefore: notBefore ?? new Date(Date.now() - DAY),
      notAfter: notAfter ?? new Date(Date.now() + 10 * DAY),
      signingKey: signer.privateKey as never,
      publicKey: keys.publicKey as never,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ("ip" as const) : ("dns" as const), value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey as never),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    return { key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: cert.toString("pem") };
  }
}

/** Where a name leads: a handler that is served over TLS under this name, or the port of a server that is already there. */
export type Site = RequestListener | { readonly port: number };

/**
 * An internet of one's own for one test: a real HTTP proxy that takes CONNECT and leads each name to a real TLS server on
 * loopback, whose certificate a private authority has signed. Requests without TLS are passed on to sites that are given by
 * their port. What is not listed does not resolve: the proxy answers 502.
 */
export interface Internet {
  /** Address of the proxy. */
  readonly proxy: string;
  /** Path of the authority's certificate. */
  readonly caFile: string;
  /** `proxy` and `ca` for the transport, and for plugboard.config.ts. */
  readonly config: { readonly proxy: string; readonly ca: Readonly<Record<string, string>> };
  /** Host and port of what the proxy was asked for, in order. */
  readonly asked: readonly string[];
}

/** Starts an internet that ends with the test. `sites` are keyed by host, with `:port` for other ports than 443. */
export async function startInternet(sites: Readonly<Record<string, Site>>): Promise<Internet> {
  const authority = await Authority.create();
  const space = new Workspace({ "ca.pem": authority.cert });
  const ports = new Map<string, number>();
  for (const [name, site] of Object.entries(sites)) {
    const at = name.includes(":") ? name : `${name}:443`;
    if (typeof site === "object") ports.set(at, site.port);
    else {
      const host = at.slice(0, at.lastIndexOf(":"));
      ports.set(at, await listen(createTlsServer(await authority.issue([host]), site)));
    }
  }
  const asked: string[] = [];
  const proxy = createHttpServer((request, answer) => {
    const { host, path } = splitAddress(request.url as string);
    asked.push(host);
    const port = ports.get(host);
    if (port === undefined) return void answer.writeHead(502).end();
    const upstream = forward({ port, host: "127.0.0.1", path, method: request.method, headers: request.headers }, (given) => {
      answer.writeHead(given.statusCode as number, given.headers);
      given.pipe(answer);
    });
    upstream.on("error", () => answer.destroy());
    request.pipe(upstream);
  });
  proxy.on("connect", (request, client: Socket) => {
    asked.push(request.url as string);
    const port = ports.get(request.url as string);
    if (port === undefined) {
      client.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  const address = `http://127.0.0.1:${await listen(proxy)}`;
  const caFile = join(space.folder, "ca.pem");
  return { proxy: address, caFile, config: { proxy: address, ca: { "*": caFile } }, asked };
}

/** Host with port, and path, of the whole address that a proxy is given for a request without TLS. */
function splitAddress(address: string): { readonly host: string; readonly path: string } {
  const { hostname, port, pathname, search } = new URL(address, "http://nowhere.invalid");
  return { host: `${hostname}:${port || 80}`, path: pathname + search };
}

/** Lets a server listen on a free port of loopback until the test ends. */
export async function listen(server: NetServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const each of sockets) each.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
