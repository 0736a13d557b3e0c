import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files with a certificate for `localhost` and its key. */
export interface Certificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  remove(): void;
}

/** A fresh self-signed certificate, made by `openssl`. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-tls-"));
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const files = ["-keyout", key, "-out", cert, "-days", "1"];
  execFileSync("openssl", ["req", ...kind, ...names, ...files], { stdio: "ignore" });
  return {
    name: "TLS",
    cert,
    key,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Files with a certificate and its key. */
export type Issued = Pick<Certificate, "cert" | "key">;

/** An authority that is not trusted by default. */
export interface Authority {
  /** File with its own certificate. */
  readonly cert: string;
  /** A certificate for `localhost` and 127.0.0.1, or only for another name. If expired, since yesterday. */
  issue(options?: { readonly host?: string; readonly expired?: boolean }): Issued;
  remove(): void;
}

/** A fresh private authority, made by `openssl`. */
export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-ca-"));
  const at = (name: string) => join(folder, name);
  const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  openssl(
    ...["req", "-x509", ...elliptic, "-subj", "/CN=Ringahead test authority", "-days", "1"],
    ...["-keyout", at("ca.key"), "-out", at("ca.pem")],
  );
  let issued = 0;
  return {
    cert: at("ca.pem"),
    issue({ host, expired = false } = {}) {
      issued += 1;
      const [key, csr, cert] = ["key", "csr", "pem"].map((end) => at(`${issued}.${end}`));
      if (key === undefined || csr === undefined || cert === undefined) throw new Error("no name");
      const names = host === undefined ? "DNS:localhost,IP:127.0.0.1" : `DNS:${host}`;
      const subject = ["-subj", `/CN=leaf ${issued}`, "-addext", `subjectAltName=${names}`];
      openssl("req", ...elliptic, ...subject, "-keyout", key, "-out", csr);
      openssl(
        ...["x509", "-req", "-in", csr, "-CA", at("ca.pem"), "-CAkey", at("ca.key")],
        ...["-days", expired ? "-1" : "1", "-copy_extensions", "copy", "-out", cert],
      );
      return { cert, key };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An RSA key pair as an administrator has it: PEM of the key, and the certificate to upload. */
export interface SigningPair {
  /** PKCS#8. */
  readonly privateKey: string;
  /** PEM. */
  readonly certificate: string;
  /** SHA-1 of the certificate as openssl prints it: `AA:BB:…`. */
  readonly thumbprint: string;
}

/** A fresh pair of 2048 bits, made by `openssl`. */
export function createSigningPair(): SigningPair {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-rsa-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ringahead", "-days", "1"];
    execFileSync("openssl", ["req", ...kind, "-keyout", key, "-out", cert], { stdio: "ignore" });
    const text = execFileSync("openssl", ["x509", "-in", cert, "-noout", "-fingerprint", "-sha1"]);
    const thumbprint = text.toString().trim().split("=")[1] ?? "";
    return {
      privateKey: readFileSync(key, "utf8"),
      certificate: readFileSync(cert, "utf8"),
      thumbprint,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
