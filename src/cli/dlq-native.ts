import type { QueueConfig } from "../config/load.ts";
import { moveNatively } from "../operations/dead-letters/native.ts";
import { countOfMessages } from "../operations/dead-letters/table.ts";
import { isConfirmed } from "./dlq-confirm.ts";
import type { ProcessCommand } from "./dlq-process.ts";
import { progressBar } from "./dlq-progress.ts";
import { type DlqTerminal, withDlqSession } from "./dlq-session.ts";

/**
 * `ringahead dlq replay --native`.
 * @returns false if the move was interrupted
 * @throws {Failure}
 */
export function moveDeadLetters(
  config: QueueConfig,
  command: ProcessCommand,
  terminal: DlqTerminal,
): Promise<boolean> {
  return withDlqSession(config, command, terminal, async ({ sqs, queue, signal }) => {
    const { visible } = await queue.counts();
    if (command.dryRun) {
      terminal.printStatus(
        `About ${countOfMessages(visible)} would be moved. Dry run: nothing was changed.`,
      );
      return true;
    }
    if (!(await isConfirmed(command, visible, signal))) {
      terminal.printStatus("Nothing was changed.");
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
        progress: (count) => bar.update(count),
        signal,
      });
      const { by: who, reason: why } = command.audit;
      const at = new Date(terminal.now()).toISOString();
      terminal.print(JSON.stringify({ at, who, why, what: "moved natively", letters: moved, end }));
      return end === "done";
    } finally {
      bar.stop();
    }
  });
}
