import fc from "fast-check";
import { it } from "vitest";
import type { History } from "../../../src/domain/history/history.ts";
import { OTHER, OWN, person, pipeline } from "../../support/pipeline.ts";

const THIRD = "+13055550147";
const NOW = Date.now();
const answers: Readonly<Record<string, History>> = {
  none: { match: "not_found" },
  many: { match: "ambiguous" },
  national: person("N", "national"),
  exact: person("E"),
};
const answer = fc.constantFrom("none", "many", "national", "exact");
/** What is known of one participant; each also comes a second time. */
const events = ["start", "callback", "reference", "contact"] as const;
type EventName = (typeof events)[number];
/** The written result of each, worst first. */
const RANKS = [
  "not_found",
  "ambiguous",
  "found N phone:national",
  "contact",
  "reference",
  "found E phone:exact",
];

interface Customer {
  readonly start: string;
  readonly callback: string;
  readonly reference: string;
  readonly contact: string;
}

/** The pipeline of one worker, and each event of one participant with two sessions. */
function participant({ start, callback, reference, contact }: Customer) {
  const oracle = {
    [`phone:${OWN}`]: answers[start] ?? person("?"),
    [`phone:${THIRD}`]: answers[callback] ?? person("?"),
    "reference:AC-1007": answers[reference] ?? person("?"),
    [`phone:${OTHER}`]: answers[contact] ?? person("?"),
  };
  const one = pipeline(oracle, [OTHER]);
  const call = { direction: "INBOUND", mediaType: "VOICE", ani: `tel:${OWN}` };
  const send: Readonly<Record<EventName, () => Promise<string>>> = {
    start: () => one.start({ eventTime: NOW }),
    callback: () =>
      one.receive("customer-start-callback", {
        ...{ sessionId: "s2", callbackNumbers: [THIRD], eventTime: NOW + 10 },
        ...{ ani: undefined, dnis: undefined, addressFrom: undefined },
      }),
    reference: () => one.attributes({ customer_reference: "AC-1007" }),
    contact: () =>
      one.receive("contact-message-web", {
        ...{ ...call, addressFrom: `tel:${OWN}`, eventTime: NOW + 5 },
        ...{ sessionId: "s1", externalContactId: "k1" },
      }),
  };
  return { one, send, keys: Object.keys(oracle) };
}

function rankOf(event: EventName, customer: Customer): number {
  const found = customer[event];
  if (found === "none" || found === "many") return RANKS.indexOf(`${answers[found]?.match}`);
  if (event === "reference" || event === "contact") return RANKS.indexOf(event);
  return found === "exact" ? RANKS.length - 1 : RANKS.indexOf("found N phone:national");
}

it("whatever comes in whichever order, also during a lookup: the surest result is what stays", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ start: answer, callback: answer, reference: answer, contact: answer }),
      fc.shuffledSubarray([...events, ...events]).filter((order) => order.includes("start")),
      fc.nat({ max: 3 }),
      async (customer, order, keyIndex) => {
        const { one, send, keys } = participant(customer);
        const [first = "start", ...rest] = order;
        let inner = rest.pop();
        one.during(keys[keyIndex] ?? "", async () => {
          if (inner !== undefined) await send[inner]();
          inner = undefined;
        });
        for (const event of [first, ...rest]) await send[event]();
        if (inner !== undefined) await send[inner]();

        const best = Math.max(...order.map((event) => rankOf(event, customer)));
        const last = one.written().at(-1) ?? "nothing";
        const shown = RANKS.findIndex((rank) => last.endsWith(rank));
        // A contact is not looked up if the number was found by national digits: it would cost requests.
        const national = RANKS.indexOf("found N phone:national");
        const isSpared = RANKS[best] === "contact" && shown === national;
        if (shown !== best && !isSpared) {
          throw new Error(`${RANKS[best]} was not kept: ${JSON.stringify(one.written())}`);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
