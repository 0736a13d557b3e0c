import type { OracleConfig } from "../config/load.ts";
import type { Send } from "../http/authorized.ts";
import type { Identity } from "../identify/identity.ts";
import { createB2cSource } from "./b2c.ts";
import { createFusionSource } from "./fusion.ts";
import { createGatewaySource } from "./gateway.ts";
import type { HistorySource } from "./source.ts";

/** What every dialect is built with, beside its configuration. */
export interface DialectOutfit {
  /** The protected way to Oracle. */
  readonly send: Send;
  readonly now: () => number;
  /** Told once where B2C Service refuses the one request and is asked two from then on. */
  readonly onTwoRequests: () => void;
}

const dialects: Readonly<
  Record<
    OracleConfig["ORACLE_DIALECT"],
    (config: OracleConfig, outfit: DialectOutfit) => HistorySource
  >
> = {
  gateway: (config, outfit) => createGatewaySource({ ...outfit, ...common(config) }),
  b2c: (config, outfit) =>
    createB2cSource({
      ...outfit,
      ...common(config),
      // A placeholder may be known by its name alone.
      names: config.INCLUDE_CUSTOMER_NAME || config.ORACLE_PLACEHOLDERS.size > 0,
      phonePrefixes: config.ORACLE_PHONE_PREFIXES,
      customFields: config.ORACLE_CUSTOM_FIELDS,
      acceptLanguage: config.ORACLE_ACCEPT_LANGUAGE,
    }),
  fusion: (config, outfit) =>
    createFusionSource({
      ...outfit,
      ...common(config),
      names: config.INCLUDE_CUSTOMER_NAME || config.ORACLE_PLACEHOLDERS.size > 0,
      phoneAttributes: config.ORACLE_PHONE_ATTRIBUTES,
      closedStatuses: config.ORACLE_CLOSED_STATUSES,
    }),
};

/**
 * The source of histories that `ORACLE_DIALECT` names. Shared addresses are nobody's, at no request;
 * numbers from abroad are asked for with their country code alone.
 */
export function createHistorySource(config: OracleConfig, outfit: DialectOutfit): HistorySource {
  const source = dialects[config.ORACLE_DIALECT](config, outfit);
  return {
    find: (identity, call) =>
      config.ORACLE_PLACEHOLDERS.has(addressOf(identity))
        ? Promise.resolve({ match: "not_found" })
        : source.find(asStored(identity, config.ORACLE_HOME_COUNTRIES), call),
  };
}

function common(config: OracleConfig) {
  return { cases: config.ORACLE_CASES, placeholders: config.ORACLE_PLACEHOLDERS };
}

function addressOf(identity: Identity): string {
  return identity.kind === "phone" ? identity.number : identity.address;
}

/** The identity without the national spellings of a number that is of none of these countries. */
function asStored(identity: Identity, homeCountries: readonly string[]): Identity {
  if (identity.kind === "email" || homeCountries.length === 0) return identity;
  const { number } = identity;
  if (homeCountries.some((code) => number.startsWith(`+${code}`))) return identity;
  const digits = number.slice(1);
  const isWhole = (spelling: string) => spelling.replace(/\D/g, "").endsWith(digits);
  return { ...identity, spellings: identity.spellings.filter(isWhole) };
}
