import type { HistorySource } from "../domain/history/history.ts";
import type { Identity } from "../domain/identity/identity.ts";
import { b2c } from "./b2c/dialect.ts";
import type { Dialect, HistorySettings, SourceDeps, ValuesOf } from "./dialect/descriptor.ts";
import { fusion } from "./fusion/dialect.ts";
import { gateway } from "./gateway/dialect.ts";

/** The environment variables that single dialects read. */
export const dialectVariables = { ...gateway.variables, ...b2c.variables, ...fusion.variables };

/** The values of all of them. Each dialect takes its own. */
type DialectSettings = ValuesOf<typeof dialectVariables>;

/** The dialects of Oracle, by the value of `ORACLE_DIALECT`. */
const dialects = { gateway, b2c, fusion } satisfies Readonly<
  Record<string, Dialect<DialectSettings>>
>;

export type DialectName = keyof typeof dialects;

/** The dialect if `ORACLE_DIALECT` is not set. */
export const DEFAULT_DIALECT: DialectName = "gateway";

/** In the order of the documentation. */
export const dialectNames: readonly DialectName[] = Object.keys(dialects).filter(isDialectName);

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}

/** The descriptor of a dialect. */
export function dialectOf(name: DialectName): Dialect<DialectSettings> {
  return dialects[name];
}

/** The settings of the source of histories. */
export interface SourceSettings extends HistorySettings, DialectSettings {
  readonly ORACLE_DIALECT: DialectName;
  readonly ORACLE_HOME_COUNTRIES: readonly string[];
}

/**
 * The source of histories that `ORACLE_DIALECT` names. A lookup of a shared address finds nobody and costs
 * no request. A number from abroad is looked up only with its country code.
 */
export function createHistorySource(settings: SourceSettings, deps: SourceDeps): HistorySource {
  const source = dialectOf(settings.ORACLE_DIALECT).createSource(settings, deps);
  return {
    find: (identity, call) =>
      settings.ORACLE_PLACEHOLDERS.has(addressOf(identity))
        ? Promise.resolve({ match: "not_found" })
        : source.find(asStored(identity, settings.ORACLE_HOME_COUNTRIES), call),
  };
}

function addressOf(identity: Identity): string {
  return identity.kind === "phone" ? identity.number : identity.address;
}

/** The identity, without national spellings if its number belongs to none of these countries. */
function asStored(identity: Identity, homeCountries: readonly string[]): Identity {
  if (identity.kind === "email" || homeCountries.length === 0) return identity;
  const { number } = identity;
  if (homeCountries.some((code) => number.startsWith(`+${code}`))) return identity;
  const digits = number.slice(1);
  const isWhole = (spelling: string) => spelling.replace(/\D/g, "").endsWith(digits);
  return { ...identity, spellings: identity.spellings.filter(isWhole) };
}
