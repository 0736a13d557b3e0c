import type { Command } from "commander";
import { type Environment, loadQueueConfig } from "../config/load.ts";
import { readQueueAndGenesysConfig } from "../config/read.ts";
import {
  type DiscardArgs,
  discardCommand,
  dlqOptions,
  type ListArgs,
  type ReplayArgs,
  rejectWithNative,
  replayCommand,
  type SessionArgs,
  withFilterOptions,
  withProcessOptions,
  withReplayOptions,
  withSessionOptions,
} from "./dlq-options.ts";
import type { DlqTerminal } from "./dlq-session.ts";

const REPLAYS_PER_SECOND = 5;
const DISCARDS_PER_SECOND = 100;

const terminal: DlqTerminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  printStatus: (line) => process.stderr.write(`${line}\n`),
  now: Date.now,
  monotonicNow: () => performance.now(),
};

/**
 * Adds `ringahead dlq` to the program.
 * @param failed called if a command ran and did not succeed
 */
export function addDlq(program: Command, environment: Environment, failed: () => void): void {
  const dlq = program.command("dlq").description("list, show, replay and discard dead letters");
  addList(dlq, environment);
  addShow(dlq, environment);
  addReplay(dlq, environment, failed);
  addDiscard(dlq, environment, failed);
}

function addList(dlq: Command, environment: Environment): void {
  withFilterOptions(dlq.command("list"))
    .description("group messages by failure, with counts, ages and the action needed")
    .action(async (args: ListArgs) => {
      const { listDeadLetters } = await import("./dlq-list.ts");
      await listDeadLetters(loadQueueConfig(environment), dlqOptions(args), terminal);
    });
}

function addShow(dlq: Command, environment: Environment): void {
  withSessionOptions(dlq.command("show"))
    .description("show one message: the event (masked), the failure and what to do")
    .argument("<id>", "message id or its first 8 characters, event id, or conversation id")
    .option("--unmasked", "show the event with its personal data")
    .action(async (id: string, args: SessionArgs & { unmasked?: true }) => {
      const { showDeadLetter } = await import("./dlq-list.ts");
      const options = { ...dlqOptions(args), id, unmasked: args.unmasked === true };
      await showDeadLetter(loadQueueConfig(environment), options, terminal);
    });
}

function addReplay(dlq: Command, environment: Environment, failed: () => void): void {
  withReplayOptions(withProcessOptions(dlq.command("replay"), REPLAYS_PER_SECOND))
    .description("send messages back to the queue; without --verdict, replayable ones")
    .action(async (args: ReplayArgs, command: Command) => {
      const replay = replayCommand(command, args);
      if (args.native === true) {
        rejectWithNative(command);
        const { moveDeadLetters } = await import("./dlq-native.ts");
        if (!(await moveDeadLetters(loadQueueConfig(environment), replay, terminal))) failed();
        return;
      }
      const { processDeadLetters } = await import("./dlq-process.ts");
      if (args.discardEnded === true && !args.askGenesys) {
        command.error("--discard-ended has to ask Genesys: leave --no-ask-genesys out");
      }
      const [queues, genesys] =
        args.askGenesys && !replay.dryRun
          ? await readBoth(environment)
          : [loadQueueConfig(environment)];
      if (!(await processDeadLetters(queues, genesys, replay, terminal))) failed();
    });
}

function addDiscard(dlq: Command, environment: Environment, failed: () => void): void {
  withProcessOptions(dlq.command("discard"), DISCARDS_PER_SECOND)
    .description("delete messages permanently; needs a filter or --all")
    .option("--all", "all messages")
    .action(async (args: DiscardArgs, command: Command) => {
      const discard = discardCommand(command, args);
      const { processDeadLetters } = await import("./dlq-process.ts");
      const queues = loadQueueConfig(environment);
      if (!(await processDeadLetters(queues, undefined, discard, terminal))) failed();
    });
}

async function readBoth(environment: Environment) {
  const both = await readQueueAndGenesysConfig(environment);
  return [both, both] as const;
}
