/**
 * [pure] The code of a connection that failed: the system's (`ECONNREFUSED`), Node's or OpenSSL's. In a
 * handshake Node tells `EPROTO` for all that is wrong, and OpenSSL's reason in the message alone.
 */
export function connectionCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const { code } = error;
  if (code !== "EPROTO") return typeof code === "string" ? code : undefined;
  const reason = /:SSL routines:[^:]*:([\w/ ]+)[:\n]/.exec(error.message)?.[1];
  return reason === undefined ? code : `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
}
