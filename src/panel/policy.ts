/** Origins that the panel calls, and origins that may frame it. */
export interface PanelOrigins {
  readonly called: readonly string[];
  readonly framedBy: readonly string[];
}

/** [pure] The origins of Genesys Cloud in one region. @param host of the region: `mypurecloud.com` */
export function originsAt(host: string): PanelOrigins {
  return {
    called: [`https://api.${host}`, `https://login.${host}`],
    framedBy: [`https://apps.${host}`],
  };
}

/**
 * [pure] The `Content-Security-Policy` of the panel: no inline script or style, calls to Genesys Cloud only,
 * and only Genesys Cloud may frame it.
 */
export function contentSecurityPolicy({ called, framedBy }: PanelOrigins): string {
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
