import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import type { LogLine } from "../../observability/facts/line.ts";

/** What shadow mode did not write. */
export interface ShadowCounts {
  readonly summaries: number;
  readonly byStatus: Readonly<Partial<Record<HistoryStatus, number>>>;
  /** By attribute: how often, and the average length in characters. */
  readonly attributes: Readonly<
    Record<string, { readonly times: number; readonly meanCharacters: number }>
  >;
}

/** More than any configuration has. */
const MAX_NAMES = 200;

/** Counts what shadow mode would have written. */
export function countShadow() {
  const byStatus: Partial<Record<HistoryStatus, number>> = {};
  const names = new Map<string, { times: number; characters: number }>();
  let summaries = 0;

  function count(name: string, characters: number): void {
    const known = names.get(name) ?? { times: 0, characters: 0 };
    if (names.size >= MAX_NAMES && !names.has(name)) return;
    names.set(name, { times: known.times + 1, characters: known.characters + characters });
  }

  return {
    take(line: LogLine): void {
      if (line.fact !== "enrichment.shadowed") return;
      summaries += 1;
      byStatus[line.status] = (byStatus[line.status] ?? 0) + 1;
      for (const [name, characters] of Object.entries(line.attributes)) count(name, characters);
    },
    counts: (): ShadowCounts => ({
      summaries,
      byStatus,
      attributes: Object.fromEntries(
        [...names].map(([name, { times, characters }]) => [
          name,
          { times, meanCharacters: Math.round(characters / times) },
        ]),
      ),
    }),
  };
}
