import type { LogLine } from "../../observability/facts/line.ts";
import { type ApiUse, countUse, type ReportedApi } from "./budgets.ts";
import { type ConversationCounts, countConversations } from "./conversations.ts";
import { type Cost, costPerThousand } from "./cost.ts";
import { countMatches, type MatchRow, matchAdvice } from "./matches.ts";
import { gatherOutages, type Outage } from "./outages.ts";
import { countShadow, type ShadowCounts } from "./shadow.ts";
import { countWaits, type Waits } from "./waits.ts";

/** What a log says of the whole. */
export interface LogReport {
  /** ISO 8601, UTC; absent where the log has no line of ours. */
  readonly from?: string;
  readonly to?: string;
  readonly conversations: ConversationCounts;
  readonly matches: readonly MatchRow[];
  readonly advice: readonly string[];
  readonly apis: Readonly<Record<ReportedApi, ApiUse>>;
  readonly waits: Waits;
  readonly outages: readonly Outage[];
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly expired: Readonly<Record<string, number>>;
  /** What `SCRUB_AFTER_MINUTES` has emptied, and how often it could not. */
  readonly emptied: { readonly done: number; readonly failed: number };
  /** Agents who signed in. */
  readonly signIns: number;
  /** Trouble that Genesys Cloud reported of itself; `rateLimits` named its limits. */
  readonly genesysTrouble: { readonly reports: number; readonly rateLimits: number };
  /** Absent where nothing was kept back. */
  readonly shadow?: ShadowCounts;
  /** Absent where there was no conversation. */
  readonly perThousand?: Cost;
}

/** Makes a report of a stream of lines, in memory that does not grow with it. */
export function reporter() {
  const conversations = countConversations();
  const matches = countMatches();
  const genesys = countUse("genesys");
  const oracle = countUse("oracle");
  const outages = gatherOutages();
  const shadow = countShadow();
  const waits = countWaits();
  const counters = [conversations, matches, genesys, oracle, outages, shadow, waits];
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

  /** To be called once, at the end. */
  function report(logBytes: number): LogReport {
    const rows = matches.rows();
    const counted = conversations.counts();
    const used = { genesys: genesys.use(), oracle: oracle.use() };
    const kept = shadow.counts();
    const perThousand = costPerThousand({
      conversations: counted.started,
      genesysCalls: used.genesys.calls,
      oracleCalls: used.oracle.calls,
      events,
      logBytes,
    });
    return {
      ...(from === undefined || to === undefined ? {} : { from, to }),
      conversations: counted,
      matches: rows,
      advice: matchAdvice(rows),
      apis: used,
      waits: waits.waits(),
      outages: outages.outages(Date.parse(to ?? "")),
      deadLetters,
      expired,
      emptied,
      signIns,
      genesysTrouble,
      ...(kept.summaries === 0 ? {} : { shadow: kept }),
      ...(perThousand === undefined ? {} : { perThousand }),
    };
  }

  return { take, report };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
