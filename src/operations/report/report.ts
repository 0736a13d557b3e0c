import type { LogLine } from "../../observability/facts/line.ts";
import { type ApiUse, countUse, type ReportedApi } from "./budgets.ts";
import { type ConversationCounts, countConversations } from "./conversations.ts";
import { type Cost, costPerThousand } from "./cost.ts";
import { customerAdvice } from "./customer-advice.ts";
import { type Customers, countCustomers } from "./customers.ts";
import { countMatches, type MatchRow, matchAdvice } from "./matches.ts";
import { collectOutages, type Outage } from "./outages.ts";
import { countShadow, type ShadowCounts } from "./shadow.ts";
import { countWaits, type Waits } from "./waits.ts";

/** Totals of a log. */
export interface LogReport {
  /** ISO 8601, UTC; absent if the log has no line from a worker. */
  readonly from?: string;
  readonly to?: string;
  readonly conversations: ConversationCounts;
  readonly matches: readonly MatchRow[];
  /** By country, kind of number and rank. */
  readonly customers: Customers;
  readonly advice: readonly string[];
  readonly apis: Readonly<Record<ReportedApi, ApiUse>>;
  readonly waits: Waits;
  readonly outages: readonly Outage[];
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly expired: Readonly<Record<string, number>>;
  /** Attributes emptied by `SCRUB_AFTER_MINUTES`, and failed attempts. */
  readonly emptied: { readonly done: number; readonly failed: number };
  /** Agent sign-ins. */
  readonly signIns: number;
  /** Problems that Genesys Cloud reported; `rateLimits` of them are about rate limits. */
  readonly genesysTrouble: { readonly reports: number; readonly rateLimits: number };
  /** Absent if shadow mode was off. */
  readonly shadow?: ShadowCounts;
  /** Absent if there was no conversation. */
  readonly perThousand?: Cost;
}

/** Builds the report of a stream of lines, in constant memory. */
export function createReportBuilder() {
  const conversations = countConversations();
  const matches = countMatches();
  const customers = countCustomers();
  const genesys = countUse("genesys");
  const oracle = countUse("oracle");
  const outages = collectOutages();
  const shadow = countShadow();
  const waits = countWaits();
  const counters = [conversations, matches, customers, genesys, oracle, outages, shadow, waits];
  const deadLetters: Record<string, number> = {};
  const expired: Record<string, number> = {};
  const emptied = { done: 0, failed: 0 };
  const genesysTrouble = { reports: 0, rateLimits: 0 };
  let events = 0;
  let signIns = 0;
  let from: string | undefined;
  let to: string | undefined;

  function take(line: LogLine): void {
    from = from === undefined || line.time < from ? line.time : from;
    to = to === undefined || line.time > to ? line.time : to;
    for (const counter of counters) counter.take(line);
    count(line);
  }

  function count(line: LogLine): void {
    switch (line.fact) {
      case "event.received":
        events += 1;
        break;
      case "event.dead_lettered":
        add(deadLetters, line.code);
        break;
      case "enrichment.expired":
        add(expired, line.code);
        break;
      case "attributes.emptied":
        emptied.done += 1;
        break;
      case "attributes.not_emptied":
        emptied.failed += 1;
        break;
      case "signin.noted":
        signIns += 1;
        break;
      case "operations.noted":
        genesysTrouble.reports += 1;
        if (line.slowed) genesysTrouble.rateLimits += 1;
        break;
      default:
    }
  }

  /** Call it once, at the end. */
  function build(logBytes: number): LogReport {
    const rows = matches.rows();
    const found = customers.customers();
    const counts = conversations.counts();
    const uses = { genesys: genesys.use(), oracle: oracle.use() };
    const shadowed = shadow.counts();
    const perThousand = costPerThousand({
      conversations: counts.started,
      genesysCalls: uses.genesys.calls,
      oracleCalls: uses.oracle.calls,
      events,
      logBytes,
    });
    return {
      ...(from === undefined || to === undefined ? {} : { from, to }),
      conversations: counts,
      matches: rows,
      customers: found,
      advice: [...matchAdvice(rows), ...customerAdvice(found)],
      apis: uses,
      waits: waits.waits(),
      outages: outages.outages(Date.parse(to ?? "")),
      deadLetters,
      expired,
      emptied,
      signIns,
      genesysTrouble,
      ...(shadowed.summaries === 0 ? {} : { shadow: shadowed }),
      ...(perThousand === undefined ? {} : { perThousand }),
    };
  }

  return { take, build };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
