import type { z } from "zod";
import type { Call } from "../../domain/call.ts";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { HistorySource } from "../../domain/history/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Variable } from "../../domain/variable/variable.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";

/** The checked values of a table of variables. */
export type ValuesOf<Variables extends Readonly<Record<string, Variable>>> = {
  readonly [Name in keyof Variables]: z.output<Variables[Name]["schema"]>;
};

/** The settings that every dialect reads. */
export interface HistorySettings {
  readonly ORACLE_CASES: number;
  readonly ORACLE_PLACEHOLDERS: ReadonlySet<string>;
  readonly ORACLE_CUSTOMER_FIELDS: readonly CustomerField[];
  readonly INCLUDE_CUSTOMER_NAME: boolean;
}

/** What a dialect's source of histories is built with, beside its settings. */
export interface SourceDeps {
  /** The protected way to Oracle. */
  readonly send: Send;
  /** Epoch ms. */
  readonly now: () => EpochMs;
  /** Called once if B2C Service refuses the one request and is asked two from then on. */
  readonly onTwoRequests: () => void;
}

/** How a dialect is signed in to. */
export interface DialectSignIn {
  /** Path of the token endpoint, unless `ORACLE_TOKEN_URL` names another. */
  readonly tokenPath: string;
  /** True if the token endpoint is at the API's own origin unless `ORACLE_TOKEN_URL` is set. */
  readonly tokenAtBaseUrl: boolean;
  /** True if user and password may take the place of a token. */
  readonly password: boolean;
  /** The scope that is asked for unless `ORACLE_SCOPE` is set. */
  readonly scope: string | undefined;
}

/** The result of a dialect's own check of a site, for `ringahead doctor`. */
export interface SiteCheck {
  /** The variable, or the part of the site, that was checked. */
  readonly subject: string;
  readonly result:
    | { readonly is: "ok"; readonly detail: string }
    | {
        readonly is: "broken";
        readonly what: string;
        readonly why: string;
        readonly cure: string;
      }
    | { readonly is: "skipped"; readonly reason: string };
}

/**
 * Everything that tells one dialect of Oracle from the others. A new dialect is one folder with one
 * of these, and one line in `dialects.ts`.
 */
export interface Dialect<Settings> {
  readonly signIn: DialectSignIn;
  /** Requests to Oracle at once, at most, unless `ORACLE_CONCURRENCY` is set. */
  readonly concurrency: number;
  /** Requests that one lookup costs in the normal case (`docs/reference/oracle.md`). */
  readonly requestsPerLookup: number;
  /** What `ORACLE_CUSTOMER_FIELDS` may name: each becomes part of a query. */
  readonly customerField: {
    readonly isValid: (field: string) => boolean;
    readonly example: string;
  };
  createSource(settings: Settings & HistorySettings, deps: SourceDeps): HistorySource;
  /** Checks what only this dialect needs of a site. Never rejects. */
  checkSite?(settings: Settings, send: Send, call: Call): Promise<SiteCheck>;
}

/** The options that every dialect's source takes. */
export function commonOptions(settings: HistorySettings) {
  return {
    cases: settings.ORACLE_CASES,
    placeholders: settings.ORACLE_PLACEHOLDERS,
    customerFields: settings.ORACLE_CUSTOMER_FIELDS,
  };
}

/** Whether names are fetched: to write them, or because a placeholder may be known by its name alone. */
export function needsNames(settings: HistorySettings): boolean {
  return settings.INCLUDE_CUSTOMER_NAME || settings.ORACLE_PLACEHOLDERS.size > 0;
}
