import type { LogLine } from "../facts/line.ts";
import { type Api, type ApiUse, countUse } from "./budgets.ts";
import { type ConversationCounts, countConversations } from "./conversations.ts";
import { type Cost, costPerThousand } from "./cost.ts";
import { countMatches, type MatchRow, matchAdvice } from "./matches.ts";
import { gatherOutages, type Outage } from "./outages.ts";
import { countShadow, type ShadowCounts } from "./shadow.ts";

/** What a log says of the whole. */
export interface LogReport {
  /** ISO 8601, UTC; absent where the log has no line of ours. */
  readonly from?: string;
  readonly to?: string;
  readonly conversations: ConversationCounts;
  readonly matches: readonly MatchRow[];
  readonly advice: readonly string[];
  readonly apis: Readonly<Record<Api, ApiUse>>;
  readonly outages: readonly Outage[];
  readonly deadLetters: Readonly<Record<string, number>>;
  readonly expired: Readonly<Record<string, number>>;
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
  const counters = [conversations, matches, genesys, oracle, outages, shadow];
  const deadLetters: Record<string, number> = {};
  const expired: Record<string, number> = {};
  let events = 0;
  let from: string | undefined;
  let to: string | undefined;

  function take(line: LogLine): void {
    from = from === undefined || line.time < from ? line.time : from;
    to = to === undefined || line.time > to ? line.time : to;
    for (const counter of counters) counter.take(line);
    if (line.fact === "event.received") events += 1;
    if (line.fact === "event.dead_lettered") add(deadLetters, line.code);
    if (line.fact === "enrichment.expired") add(expired, line.code);
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
      outages: outages.outages(Date.parse(to ?? "")),
      deadLetters,
      expired,
      ...(kept.summaries === 0 ? {} : { shadow: kept }),
      ...(perThousand === undefined ? {} : { perThousand }),
    };
  }

  return { take, report };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
