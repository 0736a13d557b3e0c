import type { Timeline } from "./timeline.ts";

/** [pure] A timeline as text: one line a step, then the result. Times are UTC. */
export function timelineText({ conversationId, steps, result }: Timeline): string {
  const days = new Set(steps.map(({ at }) => at.slice(0, 10)));
  const oneDay = days.size === 1 ? [...days][0] : undefined;
  const heading = `Conversation ${conversationId}${oneDay === undefined ? "" : `, ${oneDay} (UTC)`}`;
  const rows = steps.map(({ at, says }) => `  ${timeOf(at, oneDay !== undefined)}  ${says}`);
  const cure = result.cure === undefined ? [] : [`To do: ${result.cure}`];
  return [heading, ...rows, "", result.says, ...cure].join("\n");
}

function timeOf(at: string, timeOnly: boolean): string {
  return timeOnly ? at.slice(11, 23) : at.slice(0, 23).replace("T", " ");
}
