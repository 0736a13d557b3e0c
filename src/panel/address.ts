import { regionHosts } from "../config/regions.ts";
import { type Language, languages } from "../domain/summary/languages.ts";

/** What the page is told by its address. Nothing in it is secret. */
export interface PanelAddress {
  readonly conversationId: string;
  /** The OAuth client of the page: authorization code with PKCE. */
  readonly clientId: string;
  /** Origins of the Platform API and of the login. */
  readonly apiUrl: string;
  readonly loginUrl: string;
  /** Begins every attribute name. */
  readonly prefix: string;
  readonly language: Language;
  /** Whether signing in needs a window of its own, as Genesys Cloud says. */
  readonly popup: boolean;
}

/** An address that cannot be used, in words for whoever set the widget up. */
export interface WrongAddress {
  readonly problem: string;
}

const ID = /^[\w-]{1,64}$/;

/**
 * [pure] Reads the query that Genesys Cloud fills in: `gcConversationId`, `gcHostOrigin`, `gcTargetEnv`,
 * `pcLangTag`, `pcUsePopupAuth` (Genesys Cloud Developer Center, "Client App SDK"), and ours: `clientId`,
 * `prefix`. A token is only ever sent to a region that is known here; another origin is taken where the
 * page itself is served from this machine, as the sandbox does.
 */
export function readPanelAddress(search: string, pageOrigin: string): PanelAddress | WrongAddress {
  const given = new URLSearchParams(search);
  const clientId = given.get("clientId") ?? "";
  if (!ID.test(clientId)) return wrong("clientId", "the id of the page's own OAuth client");
  const conversationId = given.get("gcConversationId") ?? "";
  if (!ID.test(conversationId)) return wrong("gcConversationId", "{{gcConversationId}}");
  const prefix = given.get("prefix") ?? "oracle_";
  if (!/^[A-Za-z][\w.-]{0,30}$/.test(prefix)) return wrong("prefix", "as ATTRIBUTE_PREFIX");
  const origins = originsOf(given.get("gcHostOrigin") ?? "", pageOrigin);
  if (origins === undefined) {
    return wrong("gcHostOrigin", "{{gcHostOrigin}}, an origin of Genesys Cloud");
  }
  return {
    ...{ conversationId, clientId, prefix, ...origins },
    language: languageOf(given.get("pcLangTag")),
    popup: given.get("pcUsePopupAuth") === "true",
  };
}

function wrong(name: string, rule: string): WrongAddress {
  return { problem: `The widget's address needs ${name}=… (${rule}): see docs/how-to/panel.md.` };
}

/** Where Genesys Cloud's own pages come from: who may frame the panel. */
const hostOrigins: readonly string[] = Object.values(regionHosts).map(
  (host) => `https://apps.${host}`,
);

type Origins = Pick<PanelAddress, "apiUrl" | "loginUrl">;

function originsOf(hostOrigin: string, pageOrigin: string): Origins | undefined {
  if (hostOrigins.includes(hostOrigin)) {
    const host = hostOrigin.slice("https://apps.".length);
    return { apiUrl: `https://api.${host}`, loginUrl: `https://login.${host}` };
  }
  const isLocal = isThisMachine(pageOrigin) && isThisMachine(hostOrigin);
  return isLocal ? { apiUrl: hostOrigin, loginUrl: hostOrigin } : undefined;
}

function isThisMachine(origin: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+$/.test(origin);
}

function languageOf(tag: string | null): Language {
  const code = (tag ?? "").slice(0, 2).toLowerCase();
  return languages.find((language) => language === code) ?? "en";
}
