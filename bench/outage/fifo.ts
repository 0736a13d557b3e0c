import { planNextAttempt } from "../../src/pipeline/next-attempt.ts";
import { seeded } from "../chance.ts";
import { createAgenda } from "./agenda.ts";
import { createApis } from "./apis.ts";
import { type Call, DELIVERY_MS, type Outage, type Schedule } from "./world.ts";

const PLACES = 32;

/**
 * The baseline: the same APIs, the same protection, the same waits between tries, in order of
 * arrival. What has ended is dropped here, too, also at the last moment before the write.
 */
export function fifo(calls: readonly Call[], outage: Outage): Schedule {
  const agenda = createAgenda();
  const apis = createApis(agenda, outage);
  const random = seeded(outage.seed + 1);
  const line: { call: Call; attempt: number }[] = [];
  const gone = new Set<number>();
  const writtenAt = new Map<number, number>();
  let inHand = 0;

  function fill(): void {
    while (inHand < PLACES) {
      const first = line.shift();
      if (first === undefined) return;
      if (!gone.has(first.call.id)) begin(first.call, first.attempt);
    }
  }

  function begin(call: Call, attempt: number): void {
    inHand += 1;
    const end = () => {
      inHand -= 1;
      agenda.at(agenda.now, fill);
    };
    const wanted = () => !gone.has(call.id);
    apis.lookUp(call, (failure) => {
      if (failure === undefined) {
        apis.patch(true, wanted, (written) => {
          if (written) writtenAt.set(call.id, agenda.now);
          end();
        });
        return;
      }
      const tried = { failure, attempt, mediaType: "VOICE", sentAt: call.startedAt };
      const next = planNextAttempt({ ...tried, now: agenda.now, random: random() });
      if (next !== undefined) arrive(call, next.attempt, agenda.now + next.waitMs);
      end();
    });
  }

  function arrive(call: Call, attempt: number, at: number): void {
    agenda.at(at, () => {
      line.push({ call, attempt });
      fill();
    });
  }

  for (const call of calls) {
    arrive(call, 1, call.startedAt + DELIVERY_MS);
    agenda.at(call.endedAt + DELIVERY_MS, () => gone.add(call.id));
  }
  agenda.run(Number.POSITIVE_INFINITY);
  return { writtenAt, unavailable: 0 };
}
