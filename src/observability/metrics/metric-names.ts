/** The namespace of every metric in CloudWatch, and what Prometheus' names begin with. */
export const METRIC_NAMESPACE = "Ringahead";
export const PROMETHEUS_PREFIX = "ringahead";
/** The one dimension that every metric has in CloudWatch. */
export const SERVICE_DIMENSION = "Service";

/**
 * - `counter`: only grows; in CloudWatch, how much it grew in a minute. Prometheus adds `_total`.
 * - `gauge`: how it stands.
 * - `histogram`: how often which value came.
 */
export type MetricKind = "counter" | "gauge" | "histogram";

export type MetricLabel = "topic" | "status" | "code" | "api" | "outcome" | "match";

/** `service`: all in one; a label: one metric for each of its values. */
export type CloudWatchView = "service" | MetricLabel;

export interface Metric {
  readonly kind: MetricKind;
  readonly unit: "Count" | "Milliseconds" | "Percent" | "Seconds";
  /** Each has a few values that are known beforehand: none names a conversation or a person. */
  readonly labels: readonly MetricLabel[];
  /** As what CloudWatch gets it, where each has its price; as nothing unless told. */
  readonly cloudWatch: readonly CloudWatchView[];
  readonly meaning: string;
}

/** Every metric, by its name. Dashboard, alarms and `docs/reference/observability.md` go by this table. */
export const metrics = {
  received: watched(counter("Events received from the queue", "topic"), "service"),
  redelivered: counter("Of these, those whose message had been received before"),
  enriched: watched(counter("Summaries that Genesys accepted", "status"), "service", "status"),
  shadowed: counter("Summaries that `SHADOW` kept from being written", "status"),
  dead_lettered: watched(
    counter("Messages put into the dead-letter queue", "code"),
    "service",
    "code",
  ),
  delayed: counter("Enrichments that are tried again later", "code"),
  expired: watched(
    counter("Enrichments dropped, for they could help nobody any more", "code"),
    "service",
  ),
  waited: counter("Enrichments that found no room at once and joined the backlog"),
  yielded: counter("Tries that let others go first, whose agents had not come yet"),
  made_room: watched(
    counter("Messages sent back to the queue because the backlog was full"),
    "service",
  ),
  given_back: counter("Messages given back to the queue by a worker that stopped"),
  emptied: counter("Participants whose attributes were emptied after the customer had left"),
  not_emptied: counter("Attempts at that which failed", "code"),
  lookups: watched(counter("Customers looked up, Oracle asked or not", "match"), "service"),
  cache_hits: watched(counter("Lookups that cost no request"), "service"),
  on_demand: counter("Lookups on demand that were answered", "status"),
  on_demand_ms: histogram("How long their answers took"),
  on_demand_failed: counter("Lookups on demand that brought nothing", "code"),
  api_calls: counter("Requests to an API, by how they ended", "api", "outcome"),
  throttled: counter("Answers with 429", "api"),
  foreign_requests: counter("Requests that an API counted and none of our workers sent", "api"),
  limiter_pauses: watched(counter("Times that an API asked for a rest", "api"), "service"),
  breaker_opened: counter("Times that the breaker opened", "api", "code"),
  token_failed: watched(counter("Tokens that were not given", "api", "code"), "service"),
  queue_failed: counter("Calls to SQS that failed"),
  redis_lost: counter("Times that Redis could not be reached any more"),
  fleet_apart: counter("Times that a worker had to keep to its share of a budget", "api"),
  sign_ins: counter("Agents who signed in"),
  genesys_trouble: counter("Operations events: trouble that Genesys Cloud reports of itself"),
  agents_met: watched(
    counter("Agents whose conversation has a history, by who was first", "outcome"),
    "service",
    "outcome",
  ),
  head_start_ms: watched(histogram("History there before the agent"), "service"),
  late_ms: histogram("Agent there before the history"),
  event_to_attributes_ms: watched(histogram("From the event to the accepted summary"), "service"),
  waiting_ms: watched(histogram("Of that, in the worker until the last try began"), "service"),
  oracle_ms: watched(histogram("Of that, at Oracle, the wait for its budget included"), "service"),
  genesys_ms: watched(
    histogram("Of that, at Genesys, the wait for its budget included"),
    "service",
  ),
  calls_per_conversation: watched(
    { ...histogram("Requests that one enrichment cost", "api"), unit: "Count" },
    "api",
  ),
  breaker_open: watched(
    gauge("Count", "1 while an API is not asked, or only probed", "api"),
    "service",
    "api",
  ),
  budget_limit: gauge("Count", "Requests allowed in 60 s", "api"),
  budget_used: gauge("Count", "Of these, spent or under way", "api"),
  budget_used_percent: watched(gauge("Percent", "The same as a share", "api"), "api"),
  budget_paused_seconds: gauge("Seconds", "How long nothing may be sent yet", "api"),
  calls_waiting: gauge("Count", "Calls that wait for budget", "api"),
  backlog_size: watched(gauge("Count", "Conversations that wait"), "service"),
  backlog_age_ms: watched(
    gauge("Milliseconds", "Since the one started that has waited longest"),
    "service",
  ),
  in_hand: gauge("Count", "Conversations that are being worked on"),
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** The dimension by which a label is known in CloudWatch. */
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
