import { setTimeout as delay } from "node:timers/promises";
import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";
import { sampleCustomers } from "../samples/sample-customers.ts";

/** A conversation that was started. */
export interface Started {
  readonly conversationId: string;
  readonly participantId: string;
  readonly title: string;
  readonly channel: string;
}

export interface Traffic {
  /** Starts `count` calls at once, alternately from known and unknown customers. */
  start(count: number): void;
  /** From now on starts this many calls a minute; 0 for none. */
  flow(perMinute: number): void;
  readonly perMinute: number;
  /** Adds the conversations that Genesys does not know. */
  addUnknown(): void;
  close(): void;
}

export interface TrafficDeps {
  readonly sandbox: SandboxEnvironment;
  /** Whether new conversations stay unknown to Genesys. */
  readonly unknown: () => boolean;
  readonly started: (conversation: Started) => void;
  readonly failed: (error: unknown) => void;
  /** In [0, 1). */
  readonly random: () => number;
}

/** An agent connects after RINGING_MS, plus up to RINGING_SPREAD_MS. */
const RINGING_MS = 5_000;
const RINGING_SPREAD_MS = 10_000;
const TALK_MS = 120_000;
const MINUTE_MS = 60_000;

/** Calls that the page starts. Each rings, is answered and ends. */
export function createTraffic(deps: TrafficDeps): Traffic {
  const { sandbox, random } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  const unknown = new Map<string, { conversationId: string; participantId: string }>();
  const callers = callersOf();
  let perMinute = 0;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;

  async function call(): Promise<void> {
    const caller = callers[count % callers.length];
    count += 1;
    if (caller === undefined) return;
    const conversationId = crypto.randomUUID();
    const participantId = crypto.randomUUID();
    const ids = { conversationId, participantId, sessionId: crypto.randomUUID() };
    deps.started({ conversationId, participantId, title: caller.title, channel: "voice in" });
    if (deps.unknown()) unknown.set(conversationId, ids);
    else sandbox.genesys.addConversation(ids);
    const inbound = { mediaType: "VOICE", provider: "Edge", direction: "INBOUND" };
    const body = { ...inbound, ...ids, ani: `tel:${caller.number()}`, dnis: "tel:+18005550123" };
    const publish = (topic: "customerStart" | "customerEnd") =>
      sandbox.publish(topic, { ...body, eventTime: Date.now() });
    await publish("customerStart");
    await delay(RINGING_MS + random() * RINGING_SPREAD_MS, undefined, { signal });
    const agent = { participantId: crypto.randomUUID(), userId: crypto.randomUUID() };
    await sandbox.publish("userStart", { ...body, ...agent, eventTime: Date.now() });
    await delay(TALK_MS, undefined, { signal });
    await publish("customerEnd");
  }

  function begin(): void {
    call().catch((error) => {
      if (!signal.aborted) deps.failed(error);
    });
  }

  return {
    start(calls) {
      for (let started = 0; started < calls; started += 1) begin();
    },
    flow(rate) {
      perMinute = rate;
      clearInterval(timer);
      if (rate > 0) timer = setInterval(begin, MINUTE_MS / rate);
    },
    get perMinute() {
      return perMinute;
    },
    addUnknown() {
      for (const ids of unknown.values()) sandbox.genesys.addConversation(ids);
      unknown.clear();
    },
    close() {
      clearInterval(timer);
      closing.abort();
    },
  };

  function callersOf(): readonly { readonly title: string; readonly number: () => string }[] {
    const known = sampleCustomers(Date.now()).flatMap(({ firstName, phones: [phone] }) =>
      phone === undefined ? [] : [{ title: `${firstName} calls`, number: () => phone }],
    );
    // New numbers each time: a cached history would hide that Oracle is down.
    const newNumber = () => `+1555${String(Math.floor(2_000_000 + random() * 7_000_000))}`;
    return known.flatMap((caller) => [caller, { title: "unknown caller", number: newNumber }]);
  }
}
