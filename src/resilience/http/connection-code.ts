/**
 * [pure] The code of a failed connection: the system's (`ECONNREFUSED`), Node's or OpenSSL's. For a failed
 * handshake Node's code is always `EPROTO`, and only the message has OpenSSL's reason.
 */
export function connectionCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  if (code !== "EPROTO") return typeof code === "string" ? code : undefined;
  const reason = /:SSL routines:[^:]*:([\w/ ]+)[:\n]/.exec(error.message)?.[1];
  return reason === undefined ? code : `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
}
