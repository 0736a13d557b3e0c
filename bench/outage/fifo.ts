import { epochMs } from "../../src/domain/time.ts";
import { planNextAttempt } from "../../src/pipeline/next-attempt.ts";
import { seeded } from "../chance.ts";
import { createAgenda } from "./agenda.ts";
import { createApis } from "./apis.ts";
import { type Call, DELIVERY_MS, type Outage, type Schedule } from "./world.ts";

const SLOTS = 32;

/**
 * The baseline: the same APIs, protection and waits between attempts, in order of arrival. It also drops
 * conversations that have ended, at the latest before the write.
 */
export function fifo(calls: readonly Call[], outage: Outage): Schedule {
  const agenda = createAgenda();
  const apis = createApis(agenda, outage);
  const random = seeded(outage.seed + 1);
  const waiting: { call: Call; attempt: number }[] = [];
  const ended = new Set<number>();
  const writtenAt = new Map<number, number>();
  let inProgress = 0;

  function fill(): void {
    while (inProgress < SLOTS) {
      const first = waiting.shift();
      if (first === undefined) return;
      if (!ended.has(first.call.id)) begin(first.call, first.attempt);
    }
  }

  function begin(call: Call, attempt: number): void {
    inProgress += 1;
    const end = () => {
      inProgress -= 1;
      agenda.at(agenda.now, fill);
    };
    const wanted = () => !ended.has(call.id);
    apis.lookUp(call, (failure) => {
      if (failure === undefined) {
        apis.patch(true, wanted, (written) => {
          if (written) writtenAt.set(call.id, agenda.now);
          end();
        });
        return;
      }
      const tried = { failure, attempt, mediaType: "VOICE", sentAt: epochMs(call.startedAt) };
      const next = planNextAttempt({ ...tried, now: epochMs(agenda.now), random: random() });
      if (next !== undefined) arrive(call, next.attempt, agenda.now + next.waitMs);
      end();
    });
  }

  function arrive(call: Call, attempt: number, at: number): void {
    agenda.at(at, () => {
      waiting.push({ call, attempt });
      fill();
    });
  }

  for (const call of calls) {
    arrive(call, 1, call.startedAt + DELIVERY_MS);
    agenda.at(call.endedAt + DELIVERY_MS, () => ended.add(call.id));
  }
  agenda.run(Number.POSITIVE_INFINITY);
  return { writtenAt, unavailable: 0 };
}
