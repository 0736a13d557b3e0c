import type { HistorySource } from "../domain/history/history.ts";
import type { Identity } from "../domain/identity/identity.ts";
import { callingCodeOf, type PhoneRegion } from "../domain/identity/phone.ts";
import type { HomeCountries } from "../domain/identity/rank.ts";
import { b2c } from "./b2c/dialect.ts";
import { queryOf } from "./dialect/customer-query.ts";
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
  readonly ORACLE_HOME_COUNTRIES: HomeCountries;
  readonly DEFAULT_PHONE_REGION: PhoneRegion;
}

/**
 * The source of histories that `ORACLE_DIALECT` names. A lookup of a shared address finds nobody and costs
 * no request. A number from abroad is looked up only with its country code.
 */
export function createHistorySource(settings: SourceSettings, deps: SourceDeps): HistorySource {
  const source = dialectOf(settings.ORACLE_DIALECT).createSource(settings, deps);
  const home = homeCountries(settings);
  return {
    find: (identity, call) =>
      settings.ORACLE_PLACEHOLDERS.has(addressOf(identity))
        ? Promise.resolve({ match: "not_found" })
        : source.find(queryOf(identity, home), call),
  };
}

/** The home countries of a site: without `ORACLE_HOME_COUNTRIES` that of `DEFAULT_PHONE_REGION`. */
export function homeCountries({
  ORACLE_HOME_COUNTRIES: codes,
  DEFAULT_PHONE_REGION: region,
}: Pick<SourceSettings, "ORACLE_HOME_COUNTRIES" | "DEFAULT_PHONE_REGION">): HomeCountries {
  return codes.length > 0 ? codes : [callingCodeOf(region)];
}

function addressOf(identity: Identity): string {
  switch (identity.kind) {
    case "phone":
      return identity.number;
    case "email":
      return identity.address;
    case "reference":
      return identity.reference;
  }
}
