import type { QueueConfig } from "../config/load.ts";
import { moveNatively } from "../operations/dead-letters/native.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";
import { agreed } from "./dlq-confirm.ts";
import { progressBar } from "./dlq-progress.ts";
import { type Terminal, withDlqSession } from "./dlq-session.ts";
import type { WorkCommand } from "./dlq-work.ts";

/**
 * `ringahead dlq replay --native`.
 * @returns whether the move went to its end.
 * @throws {Failure}
 */
export function moveDeadLetters(
  config: QueueConfig,
  command: WorkCommand,
  terminal: Terminal,
): Promise<boolean> {
  return withDlqSession(config, command, terminal, async ({ sqs, queue, signal }) => {
    const { visible } = await queue.counts();
    if (command.dryRun) {
      terminal.tell(
        `About ${countOfMessages(visible)} would be moved. Dry run: nothing was changed.`,
      );
      return true;
    }
    if (!(await agreed(command, visible, signal))) {
      terminal.tell("Nothing was changed.");
      return true;
    }
    const bar = progressBar("move");
    bar.start(visible, 0);
    try {
      const { moved, end } = await moveNatively({
        sqs,
        queueUrl: config.QUEUE_URL,
        deadLetterQueueUrl: config.DEAD_LETTER_QUEUE_URL,
        perSecond: command.rate,
        progress: (done) => bar.update(done),
        signal,
      });
      const { by: who, reason: why } = command;
      const at = new Date(terminal.now()).toISOString();
      terminal.print(JSON.stringify({ at, who, why, what: "moved natively", letters: moved, end }));
      return end === "done";
    } finally {
      bar.stop();
    }
  });
}
