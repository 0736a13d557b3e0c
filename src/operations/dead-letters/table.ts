import type { DeadLetterCounts } from "./dead-letter-queue.ts";
import type { DeadLetterGroup } from "./groups.ts";
import type { Verdict } from "./verdict.ts";

/** [pure] Groups as a table for people. `now` is epoch ms. */
export function groupTable(groups: readonly DeadLetterGroup[], now: number): string {
  const rows = groups.map((group) => [
    String(group.count),
    group.failure,
    group.code,
    age(now - Date.parse(group.oldest)),
    age(now - Date.parse(group.newest)),
    group.verdict,
    actionText({ is: group.verdict, because: group.because }),
  ]);
  const heading = [
    ...["messages", "failure", "--code", "oldest", "newest"],
    ...["--verdict", "action needed"],
  ];
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [heading, ...rows]
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** [pure] How many messages were seen, and how many SQS counts. */
export function countsText(seen: number, counts: DeadLetterCounts, complete: boolean): string {
  const { visible, held, delayed } = counts;
  const others =
    held + delayed === 0 ? "" : `, ${held + delayed} of them held by other consumers or delayed`;
  const end = complete ? "" : " The end of the queue was not reached.";
  return `${countOfMessages(seen)} seen; SQS counts about ${visible + held + delayed}${others}.${end}`;
}

/** [pure] `1 message`, `2 messages` */
export function countOfMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

/** [pure] What a person does about messages with this verdict. */
export function actionText({ is, because }: Verdict): string {
  switch (is) {
    case "replayable":
      return "replay";
    case "fix-first":
      return because;
    case "too-late":
      return because === "" ? "discard" : `discard: ${because}`;
  }
}

/** [pure] A duration in its largest whole unit. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
