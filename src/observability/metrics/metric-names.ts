/** The namespace in CloudWatch, and the prefix in Prometheus. */
export const METRIC_NAMESPACE = "Ringahead";
export const PROMETHEUS_PREFIX = "ringahead";
/** The dimension that every metric has in CloudWatch. */
export const SERVICE_DIMENSION = "Service";

/**
 * - `counter`: only grows. CloudWatch has the growth in a minute; Prometheus adds `_total`.
 * - `gauge`: the current value.
 * - `histogram`: the distribution of values.
 */
type MetricKind = "counter" | "gauge" | "histogram";

export type MetricLabel = "topic" | "status" | "code" | "api" | "outcome" | "match" | "by";

/** `service`: one metric for all labels together. A label: one metric for each of its values. */
export type CloudWatchView = "service" | MetricLabel;

export interface Metric {
  readonly kind: MetricKind;
  readonly unit: "Count" | "Milliseconds" | "Percent" | "Seconds";
  /** Each has a small, fixed set of values. None identifies a conversation or a person. */
  readonly labels: readonly MetricLabel[];
  /** The views in CloudWatch, each of which costs money. */
  readonly cloudWatch: readonly CloudWatchView[];
  readonly meaning: string;
}

/** All metrics by name. Dashboard, alarms and `docs/reference/observability.md` use this table. */
export const metrics = {
  received: watched(counter("Events received from the queue", "topic"), "service"),
  redelivered: counter("Of these, redelivered messages"),
  enriched: watched(counter("Summaries that Genesys accepted", "status"), "service", "status"),
  shadowed: counter("Summaries that `SHADOW` did not write", "status"),
  matched: counter(
    "Summaries of found customers, also in `SHADOW`, by how sure the match is",
    "by",
  ),
  dead_lettered: watched(
    counter("Messages moved to the dead-letter queue", "code"),
    "service",
    "code",
  ),
  delayed: counter("Attempts that failed and are retried later", "code"),
  expired: watched(
    counter("Enrichments dropped because nobody can use them any more", "code"),
    "service",
  ),
  waited: counter("Enrichments that joined the backlog"),
  yielded: counter("Attempts that yielded to conversations without an agent"),
  made_room: watched(counter("Messages requeued because the backlog was full"), "service"),
  given_back: counter("Messages requeued by a stopping worker"),
  emptied: counter("Participants whose attributes were emptied after the customer left"),
  not_emptied: counter("Failed attempts to empty attributes", "code"),
  lookups: watched(counter("Customer lookups, cached or not", "match"), "service"),
  cache_hits: watched(counter("Lookups without a request to Oracle"), "service"),
  on_demand: counter("Answered lookups on demand", "status"),
  on_demand_ms: histogram("Time to answer a lookup on demand"),
  on_demand_failed: counter("Failed lookups on demand", "code"),
  api_calls: counter("Requests to an API, by outcome", "api", "outcome"),
  throttled: counter("Responses with 429", "api"),
  foreign_requests: counter("Requests that an API counts and none of our workers sent", "api"),
  limiter_pauses: watched(counter("Pauses that an API asked for", "api"), "service"),
  breaker_opened: counter("How often the circuit breaker opened", "api", "code"),
  token_failed: watched(counter("Failed token requests", "api", "code"), "service"),
  queue_failed: counter("Failed calls to SQS"),
  redis_lost: counter("How often Redis became unreachable"),
  fleet_apart: counter("How often a worker fell back to its own share of a budget", "api"),
  sign_ins: counter("Agent sign-ins"),
  genesys_trouble: counter("Operations events: problems that Genesys Cloud reports"),
  agents_met: watched(
    counter("Agents who connected to a conversation with a history, by which was first", "outcome"),
    "service",
    "outcome",
  ),
  head_start_ms: watched(histogram("Time from the history to the agent"), "service"),
  late_ms: histogram("Time from the agent to the history"),
  event_to_attributes_ms: watched(
    histogram("Time from the event to the accepted summary"),
    "service",
  ),
  waiting_ms: watched(histogram("Of that, until the last attempt started"), "service"),
  oracle_ms: watched(histogram("Of that, at Oracle, including the wait for budget"), "service"),
  genesys_ms: watched(histogram("Of that, at Genesys, including the wait for budget"), "service"),
  calls_per_conversation: watched(
    { ...histogram("Requests of one enrichment", "api"), unit: "Count" },
    "api",
  ),
  breaker_open: watched(
    gauge("Count", "1 while the circuit breaker is open or probing", "api"),
    "service",
    "api",
  ),
  budget_limit: gauge("Count", "Requests allowed in 60 s", "api"),
  budget_used: gauge("Count", "Of these, used or in progress", "api"),
  budget_used_percent: watched(gauge("Percent", "The same as a percentage", "api"), "api"),
  budget_paused_seconds: gauge("Seconds", "Time until the next request may be sent", "api"),
  calls_waiting: gauge("Count", "Calls that wait for budget", "api"),
  backlog_size: watched(gauge("Count", "Conversations in the backlog"), "service"),
  backlog_age_ms: watched(
    gauge("Milliseconds", "Age of the conversation that has waited longest"),
    "service",
  ),
  in_hand: gauge("Count", "Conversations in progress"),
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** [pure] The CloudWatch dimension of a label. */
export function dimensionOf(label: MetricLabel): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function watched<const M extends Metric>(metric: M, ...cloudWatch: readonly CloudWatchView[]) {
  return { ...metric, cloudWatch };
}

function counter(meaning: string, ...labels: Metric["labels"]) {
  return { kind: "counter", unit: "Count", labels, meaning, cloudWatch: [] } as const;
}

function histogram(meaning: string, ...labels: Metric["labels"]) {
  return { kind: "histogram", unit: "Milliseconds", labels, meaning, cloudWatch: [] } as const;
}

function gauge(unit: Metric["unit"], meaning: string, ...labels: Metric["labels"]) {
  return { kind: "gauge", unit, labels, meaning, cloudWatch: [] } as const;
}
