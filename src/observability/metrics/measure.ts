import { LRUCache } from "lru-cache";
import { topics } from "../../domain/event/rules.ts";
import type { FactName, Facts, Report } from "../facts/facts.ts";
import type { Instruments } from "./instruments.ts";

type Listeners = { readonly [N in FactName]?: (fact: Facts[N]) => void };

const shortTopics: ReadonlyMap<string, string> = new Map(
  Object.entries(topics).map(([name, topic]) => [topic, name]),
);
/** Some tens are in progress. The others were requeued, and another worker finished them. */
const MAX_TRACKED = 10_000;

/**
 * Turns facts into metrics. Label values are a fixed set: values from events and responses are mapped
 * to them, and none identifies a conversation.
 */
export function measureFacts({ count, record }: Instruments): Report {
  const calls = new LRUCache<string, { oracle: number; genesys: number }>({
    max: MAX_TRACKED,
  });

  function enriched(fact: Facts["enrichment.written"]): void {
    record("event_to_attributes_ms", fact.sinceEventMs);
    record("waiting_ms", fact.waitedMs);
    record("oracle_ms", fact.oracleMs);
    record("genesys_ms", fact.genesysMs);
    if (fact.matchedBy !== undefined) count("matched", { by: fact.matchedBy });
    const { oracle, genesys } = calls.get(fact.eventId ?? "") ?? { oracle: 0, genesys: 0 };
    calls.delete(fact.eventId ?? "");
    record("calls_per_conversation", oracle, { api: "oracle" });
    record("calls_per_conversation", genesys, { api: "genesys" });
  }

  function called({ source: api, status, code, eventId }: Facts["api.called"]): void {
    count("api_calls", { api, outcome: outcomeOf(status, code) });
    if (status === 429) count("throttled", { api });
    if (eventId === undefined || (api !== "oracle" && api !== "genesys")) return;
    const soFar = calls.get(eventId) ?? { oracle: 0, genesys: 0 };
    calls.set(eventId, { ...soFar, [api]: soFar[api] + 1 });
  }

  const listeners: Listeners = {
    "event.received": ({ topic, receiveCount }) => {
      count("received", { topic: shortTopics.get(topic ?? "") ?? "other" });
      if (receiveCount > 1) count("redelivered");
    },
    "enrichment.written": (fact) => {
      count("enriched", { status: fact.status });
      enriched(fact);
    },
    "enrichment.shadowed": (fact) => {
      count("shadowed", { status: fact.status });
      enriched(fact);
    },
    "customer.looked_up": ({ match, cached }) => {
      count("lookups", { match });
      if (cached) count("cache_hits");
    },
    "lookup.answered": ({ status, tookMs }) => {
      count("on_demand", { status });
      record("on_demand_ms", tookMs);
    },
    "lookup.failed": ({ code }) => count("on_demand_failed", { code }),
    "api.called": called,
    "event.dead_lettered": ({ code }) => count("dead_lettered", { code }),
    "enrichment.delayed": ({ code }) => count("delayed", { code }),
    "enrichment.expired": ({ code }) => count("expired", { code }),
    "backlog.joined": () => count("waited"),
    "enrichment.yielded": () => count("yielded"),
    "backlog.made_room": () => count("made_room"),
    "backlog.given_back": () => count("given_back"),
    "attributes.emptied": () => count("emptied"),
    "attributes.not_emptied": ({ code }) => count("not_emptied", { code }),
    "headstart.measured": ({ headStartMs }) => {
      count("agents_met", { outcome: headStartMs >= 0 ? "ready" : "late" });
      if (headStartMs >= 0) record("head_start_ms", headStartMs);
      else record("late_ms", -headStartMs);
    },
    "limiter.foreign": ({ source: api, count: amount }) =>
      count("foreign_requests", { api }, amount),
    "fleet.apart": ({ source: api }) => count("fleet_apart", { api }),
    "limiter.paused": ({ source: api }) => count("limiter_pauses", { api }),
    "breaker.opened": ({ source: api, code }) => count("breaker_opened", { api, code }),
    "token.failed": ({ source: api, code }) => count("token_failed", { api, code }),
    "queue.failed": () => count("queue_failed"),
    "redis.lost": () => count("redis_lost"),
    "signin.noted": () => count("sign_ins"),
    "operations.noted": () => count("genesys_trouble"),
  };
  return (name, fact) => listeners[name]?.(fact);
}

/** The class of a status (`2xx`), `429`, or the failure code if there was no response. */
function outcomeOf(status: number | undefined, code: string | undefined): string {
  if (status === undefined) return code ?? "none";
  return status === 429 ? "429" : `${Math.floor(status / 100)}xx`;
}
