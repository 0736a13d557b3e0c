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

export interface Metric {
  readonly kind: MetricKind;
  readonly unit: "Count" | "Milliseconds" | "Percent" | "Seconds";
  /** Each has a few values that are known beforehand: none names a conversation or a person. */
  readonly labels: readonly ("topic" | "status" | "code" | "api" | "outcome" | "match")[];
  readonly meaning: string;
}

/** Every metric, by its name. Dashboards, alarms and `docs/observability.md` go by this table. */
export const metrics = {
  received: counter("Events received from the queue", "topic"),
  enriched: counter("Summaries that Genesys accepted", "status"),
  shadowed: counter("Summaries that `SHADOW` kept from being written", "status"),
  dead_lettered: counter("Messages put into the dead-letter queue", "code"),
  delayed: counter("Enrichments that are tried again later", "code"),
  expired: counter("Enrichments dropped, for they could help nobody any more", "code"),
  made_room: counter("Messages sent back to the queue because the backlog was full"),
  lookups: counter("Customers looked up, Oracle asked or not", "match"),
  cache_hits: counter("Lookups that cost no request"),
  api_calls: counter("Requests to an API, by how they ended", "api", "outcome"),
  throttled: counter("Answers with 429", "api"),
  limiter_pauses: counter("Times that an API asked for a rest", "api"),
  breaker_opened: counter("Times that the breaker opened", "api", "code"),
  token_failed: counter("Tokens that were not given", "api", "code"),
  queue_failed: counter("Calls to SQS that failed"),
  redis_lost: counter("Times that Redis could not be reached any more"),
  sign_ins: counter("Agents who signed in"),
  genesys_trouble: counter("Operations events: trouble that Genesys Cloud reports of itself"),
  agents_met: counter("Agents whose conversation has a history, by who was first", "outcome"),
  head_start_ms: histogram("History there before the agent"),
  late_ms: histogram("Agent there before the history"),
  event_to_attributes_ms: histogram("From the event to the accepted summary"),
  waiting_ms: histogram("Of that, in the worker's backlog"),
  oracle_ms: histogram("Of that, at Oracle, the wait for its budget included"),
  genesys_ms: histogram("Of that, at Genesys, the wait for its budget included"),
  calls_per_conversation: {
    ...histogram("Requests that one enrichment cost", "api"),
    unit: "Count",
  },
  breaker_open: gauge("Count", "1 while an API is not asked, or only probed", "api"),
  budget_limit: gauge("Count", "Requests allowed in 60 s", "api"),
  budget_used: gauge("Count", "Of these, spent or under way", "api"),
  budget_used_percent: gauge("Percent", "The same as a share", "api"),
  budget_paused_seconds: gauge("Seconds", "How long nothing may be sent yet", "api"),
  calls_waiting: gauge("Count", "Calls that wait for budget", "api"),
  backlog_size: gauge("Count", "Conversations that wait"),
  backlog_age_ms: gauge("Milliseconds", "Since the one started that has waited longest"),
  in_hand: gauge("Count", "Conversations that are being worked on"),
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

function counter(meaning: string, ...labels: Metric["labels"]) {
  return { kind: "counter", unit: "Count", labels, meaning } as const satisfies Metric;
}

function histogram(meaning: string, ...labels: Metric["labels"]) {
  return { kind: "histogram", unit: "Milliseconds", labels, meaning } as const satisfies Metric;
}

function gauge(unit: Metric["unit"], meaning: string, ...labels: Metric["labels"]) {
  return { kind: "gauge", unit, labels, meaning } as const satisfies Metric;
}
