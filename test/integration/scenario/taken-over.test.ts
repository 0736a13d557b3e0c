import { expect, it } from "vitest";
import { readLine } from "../../../src/observability/facts/line.ts";
import { createTimelineBuilder } from "../../../src/operations/explain/timeline.ts";
import type { WorkerProcess } from "../../../src/sandbox/environment/worker-process.ts";
import { startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { startWorld } from "../../support/world.ts";

/** As `ringahead explain` reads the log of several workers. */
function storyOf(conversationId: string, workers: readonly WorkerProcess[]) {
  const teller = createTimelineBuilder(conversationId);
  for (const { log } of workers) {
    for (const one of log) {
      const line = readLine(JSON.stringify(one));
      if (line !== undefined) teller.take(line);
    }
  }
  return teller.build();
}

it("a conversation that waits in a stopping worker is taken over by another, and explain shows it", async () => {
  const environment = { ORACLE_CONCURRENCY: "1", ORACLE_TIMEOUT_MS: "1000" };
  const world = await startWorld({ environment });
  const { sandbox, worker: first } = world;
  sandbox.oracle.faults.push({ kind: "hang", match: { method: "POST", path: /search/ } });
  for (const conversationId of ["in-hand", "in-line"]) {
    const body = sampleBody("customer-start-voice", { conversationId, ani: "tel:+15550199999" });
    sandbox.genesys.addConversation(JSON.parse(body).detail.eventBody);
    await world.send(body);
    const fact = conversationId === "in-hand" ? "identity.tried" : "backlog.joined";
    await world.fact(fact, conversationId);
  }
  expect(await first.stop()).toBe(0);

  const second = startWorker({ ...sandbox.environment, ...environment, LOG_LEVEL: "debug" });
  await second.line(
    (line) => line.fact === "enrichment.written" && line.conversationId === "in-line",
  );
  await second.stop();

  const { steps, result } = storyOf("in-line", [second, first]);
  const entries = steps.map(({ says }) => says);
  // The entries of this conversation in order of time; others may lie in between.
  const expected = [
    /^received: the customer's session started/,
    /^queued in the backlog, 1 waiting$/,
    /^requeued: the worker stops/,
    /^worker \w{8} takes over from worker \w{8}$/,
    /; delivery \d of the message$/,
    /^the status "found" was written/,
  ];
  const seen = entries.filter((says) => expected.some((pattern) => pattern.test(says)));
  expect(seen).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  expect(entries).toContainEqual(
    expect.stringMatching(/\(all conversations\) a worker is stopping/),
  );
  expect(result.written).toBe("found");
});
