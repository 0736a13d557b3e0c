import { regionHosts } from "../config/regions.ts";
import { type Language, languages } from "../domain/summary/languages.ts";

/** The parameters in the page's URL. None of them is secret. */
export interface PanelAddress {
  readonly conversationId: string;
  /** The OAuth client of the page: authorization code with PKCE. */
  readonly clientId: string;
  /** The origins of the Platform API and of the login. */
  readonly apiUrl: string;
  readonly loginUrl: string;
  /** The prefix of all attribute names. */
  readonly prefix: string;
  readonly language: Language;
  /** Whether the sign-in needs its own window, as Genesys Cloud requires. */
  readonly popup: boolean;
}

/** A message about an invalid URL, for the administrator who configured the widget. */
export interface WrongAddress {
  readonly problem: string;
}

const ID = /^[\w-]{1,64}$/;

/**
 * [pure] Reads the parameters that Genesys Cloud fills in (`gcConversationId`, `gcHostOrigin`, `pcLangTag`,
 * `pcUsePopupAuth`: Genesys Cloud Developer Center, "Client App SDK") and our own (`clientId`, `prefix`).
 * The page sends a token only to known regions. The sandbox is an exception: a page from this machine may
 * use an API on this machine.
 */
export function readPanelAddress(search: string, pageOrigin: string): PanelAddress | WrongAddress {
  const query = new URLSearchParams(search);
  const clientId = query.get("clientId") ?? "";
  if (!ID.test(clientId)) return wrong("clientId", "the id of the page's own OAuth client");
  const conversationId = query.get("gcConversationId") ?? "";
  if (!ID.test(conversationId)) return wrong("gcConversationId", "{{gcConversationId}}");
  const prefix = query.get("prefix") ?? "oracle_";
  if (!/^[A-Za-z][\w.-]{0,30}$/.test(prefix))
    return wrong("prefix", "the value of ATTRIBUTE_PREFIX");
  const origins = originsOf(query.get("gcHostOrigin") ?? "", pageOrigin);
  if (origins === undefined) {
    return wrong("gcHostOrigin", "{{gcHostOrigin}}, an origin of Genesys Cloud");
  }
  return {
    ...{ conversationId, clientId, prefix, ...origins },
    language: languageOf(query.get("pcLangTag")),
    popup: query.get("pcUsePopupAuth") === "true",
  };
}

function wrong(name: string, rule: string): WrongAddress {
  return { problem: `The widget's URL needs ${name}=… (${rule}). See docs/how-to/panel.md.` };
}

/** The origins of Genesys Cloud's own pages, which may frame the panel. */
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
