import { calledOrigins, hostOrigins } from "./address.ts";

/**
 * [pure] The `Content-Security-Policy` that the panel has to be served with: it runs no inline script or
 * style, talks to Genesys Cloud alone, and only Genesys Cloud may frame it.
 * @param local further origins to talk to and be framed by: the sandbox's
 */
export function contentSecurityPolicy(
  local: { readonly called: readonly string[]; readonly framedBy: readonly string[] } = {
    called: [],
    framedBy: [],
  },
): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${[...calledOrigins, ...local.called].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${[...hostOrigins, ...local.framedBy].join(" ")}`,
  ].join("; ");
}
