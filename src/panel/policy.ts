/** Whom the panel talks to and who may frame it: origins. */
export interface PanelNeighbours {
  readonly called: readonly string[];
  readonly framedBy: readonly string[];
}

/** [pure] Genesys Cloud in one region. @param host as in `mypurecloud.com` */
export function neighboursAt(host: string): PanelNeighbours {
  return {
    called: [`https://api.${host}`, `https://login.${host}`],
    framedBy: [`https://apps.${host}`],
  };
}

/**
 * [pure] The `Content-Security-Policy` that the panel has to be served with: it runs no inline script or
 * style, talks to Genesys Cloud alone, and only Genesys Cloud may frame it.
 */
export function contentSecurityPolicy({ called, framedBy }: PanelNeighbours): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${called.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy.join(" ")}`,
  ].join("; ");
}
