import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
