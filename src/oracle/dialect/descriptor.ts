import type { Call } from "../../domain/call.ts";
import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { History } from "../../domain/history/history.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Variable } from "../../domain/variable/variable.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";
import type { CustomerQuery } from "./customer-query.ts";

export type { ValuesOf } from "../../domain/variable/variable.ts";

/** The settings that every dialect reads. */
export interface HistorySettings {
  readonly ORACLE_CASES: number;
  readonly ORACLE_PLACEHOLDERS: ReadonlySet<string>;
  readonly ORACLE_CUSTOMER_FIELDS: readonly CustomerField[];
  /** Empty for those of the dialect. */
  readonly ORACLE_REFERENCE_FIELDS: readonly string[];
  readonly INCLUDE_CUSTOMER_NAME: boolean;
}

/** Dependencies of a dialect's source of histories. */
export interface SourceDeps {
  /** Sends a request to Oracle: signed in, within the budget, behind the breaker. */
  readonly send: Send;
  /** For `Retry-After` headers that are dates. */
  readonly epochNow: () => EpochMs;
  /**
   * Called once if the site cannot answer a lookup in one request: every lookup costs one request more
   * from then on.
   */
  readonly onTwoRequests: () => void;
  /** Called once for each field that the site refuses: queries leave it out from then on. */
  readonly onColumnRefused: (column: string) => void;
}

/** The histories of one dialect. */
export interface DialectSource {
  /**
   * Looks up one customer and the cases.
   * @throws {Failure} `retryable`, `misconfigured` or `permanent`.
   */
  find(query: CustomerQuery, call: Call): Promise<History>;
}

/** How a client signs in to a dialect. */
interface DialectSignIn {
  /** Path of the token endpoint, unless `ORACLE_TOKEN_URL` names another. */
  readonly tokenPath: string;
  /** True if the token endpoint is at the API's own origin unless `ORACLE_TOKEN_URL` is set. */
  readonly tokenAtBaseUrl: boolean;
  /** True if user and password may take the place of a token. */
  readonly password: boolean;
  /** The scope that is requested unless `ORACLE_SCOPE` is set. */
  readonly scope: string | undefined;
}

/** What the reference says about a dialect beside the variables that all dialects read; in Markdown. */
interface DialectNotes {
  /** The API: `B2C Service`. */
  readonly api: string;
  /** The scope of {@link DialectSignIn}. */
  readonly scope?: string;
  /** What `ORACLE_CUSTOMER_FIELDS` names. */
  readonly customerField?: string;
  /** What `ORACLE_REFERENCE_FIELDS` may name besides what it names unless it is set. */
  readonly referenceField?: string;
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
 * Everything that distinguishes one dialect of Oracle from the others. To add a dialect, write one folder
 * with one descriptor and register it in `dialects.ts`. Its simulator is the folder of the same name in
 * `src/sandbox/simulators/oracle-cx`.
 */
export interface Dialect<Settings> {
  readonly notes: DialectNotes;
  /** The environment variables that only this dialect reads: `Settings` holds their checked values. */
  readonly variables: Readonly<Record<string, Variable>>;
  readonly signIn: DialectSignIn;
  /** The most requests to Oracle at once, unless `ORACLE_CONCURRENCY` is set. */
  readonly concurrency: number;
  /** Requests that one lookup costs in the normal case (`docs/reference/oracle.md`). */
  readonly requestsPerLookup: number;
  /** The most forms of a number that one lookup asks for. Less likely forms are left out. */
  readonly formsPerLookup: number;
  /** What `ORACLE_CUSTOMER_FIELDS` may name. Each name becomes part of a query. */
  readonly customerField: {
    readonly isValid: (field: string) => boolean;
    readonly example: string;
  };
  /** What `ORACLE_REFERENCE_FIELDS` may name, and what it names unless it is set. */
  readonly referenceField: {
    readonly isValid: (field: string) => boolean;
    readonly preset: readonly string[];
  };
  readonly createSource: (settings: Settings & HistorySettings, deps: SourceDeps) => DialectSource;
  /** Checks whatever only this dialect needs of a site. Never rejects. */
  readonly checkSite?: (settings: Settings, send: Send, call: Call) => Promise<SiteCheck>;
}

/** The options that the source of every dialect takes. */
export interface SourceOptions {
  /** How many of the latest open cases are shown. */
  readonly cases: number;
  /** Ids and full names, in lower case, of customers that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
  /** Requested in addition to the fields that the summary needs. */
  readonly customerFields: readonly CustomerField[];
  /** The fields that may hold a reference that a caller typed. */
  readonly referenceFields: readonly string[];
  /** Whether to request the names of customers. */
  readonly names: boolean;
}

/** @param referenceFields those of the dialect, unless the settings have others */
export function commonOptions(
  settings: HistorySettings,
  referenceFields: readonly string[],
): SourceOptions {
  const { ORACLE_REFERENCE_FIELDS: configured } = settings;
  return {
    cases: settings.ORACLE_CASES,
    placeholders: settings.ORACLE_PLACEHOLDERS,
    customerFields: settings.ORACLE_CUSTOMER_FIELDS,
    referenceFields: configured.length > 0 ? configured : referenceFields,
    names: needsNames(settings),
  };
}

/** To write them, or because a placeholder may be known by its name alone. */
function needsNames(settings: HistorySettings): boolean {
  return settings.INCLUDE_CUSTOMER_NAME || settings.ORACLE_PLACEHOLDERS.size > 0;
}
