import { type Command, Option } from "commander";
import { type Environment, loadQueueConfig } from "../config/load.ts";
import { readQueueAndGenesysConfig } from "../config/read.ts";
import {
  common,
  type DlqArgs,
  type DlqWorkArgs,
  filtered,
  held,
  refuseWithNative,
  wholeNumber,
  work,
  working,
} from "./dlq-options.ts";
import type { Terminal } from "./dlq-session.ts";

const terminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
  now: Date.now,
};

/**
 * Adds `ringahead dlq` to the program.
 * @param failed told where a command did its work and it did not go well
 */
export function addDlq(program: Command, environment: Environment, failed: () => void): void {
  const dlq = program.command("dlq").description("dead letters: what and why, and the way back");

  filtered(dlq.command("list"))
    .description("groups by failure, with counts, ages and what to do")
    .action(async (options: DlqArgs) => {
      const { listDeadLetters } = await import("./dlq-list.ts");
      await listDeadLetters(loadQueueConfig(environment), common(options), terminal);
    });

  held(dlq.command("show"))
    .description("one letter: the event (masked), the failure, and what mends it")
    .argument("<id>", "message id or its first 8 characters, event id, or conversation id")
    .option("--unmasked", "show the event as it is, personal data included")
    .action(async (id: string, options: DlqArgs & { unmasked?: true }) => {
      const { showDeadLetter } = await import("./dlq-list.ts");
      const show = { ...common(options), id, unmasked: options.unmasked === true };
      await showDeadLetter(loadQueueConfig(environment), show, terminal);
    });

  working(filtered(dlq.command("replay")), "5")
    .description("put letters back into the queue; without --verdict those that are replayable")
    .option(
      "--discard-ended",
      "delete letters whose conversation has ended, instead of leaving them",
    )
    .option("--no-ask-genesys", "do not ask Genesys whether the conversation has ended")
    .addOption(
      new Option("--stop-share <percent>", "stop when more than this share comes straight back")
        .argParser(wholeNumber(0, 100))
        .default(20),
    )
    .addOption(
      new Option("--watch <seconds>", "look that long for letters that come straight back")
        .argParser(wholeNumber(0, 3600))
        .default(5),
    )
    .option("--native", "hand the whole queue to SQS (StartMessageMoveTask): no filter, no history")
    .action(async (options: DlqWorkArgs, command: Command) => {
      const order = work(command, "replay", options);
      if (options.native === true) {
        refuseWithNative(command);
        const { moveDeadLetters } = await import("./dlq-native.ts");
        if (!(await moveDeadLetters(loadQueueConfig(environment), order, terminal))) failed();
        return;
      }
      const { workOnDeadLetters } = await import("./dlq-work.ts");
      const asks = options.askGenesys && !order.dryRun;
      if (options.discardEnded === true && !options.askGenesys) {
        command.error("--discard-ended needs Genesys to be asked: leave --no-ask-genesys out");
      }
      const [queues, genesys] = asks ? await readBoth(environment) : [loadQueueConfig(environment)];
      if (!(await workOnDeadLetters(queues, genesys, order, terminal))) failed();
    });

  working(filtered(dlq.command("discard")), "100")
    .description("delete letters for good; wants a filter, or --all")
    .option("--all", "every letter there is")
    .action(async (options: DlqWorkArgs, command: Command) => {
      const order = work(command, "discard", options);
      if (options.all !== true && Object.values(order.filter).every((one) => one === undefined)) {
        command.error("discard wants a filter (--code, --verdict, --topic, …), or --all");
      }
      const { workOnDeadLetters } = await import("./dlq-work.ts");
      const done = await workOnDeadLetters(
        loadQueueConfig(environment),
        undefined,
        order,
        terminal,
      );
      if (!done) failed();
    });
}

async function readBoth(environment: Environment) {
  const both = await readQueueAndGenesysConfig(environment);
  return [both, both] as const;
}
