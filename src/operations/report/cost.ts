/** List prices of AWS in us-east-1, USD, as of 2026 (aws.amazon.com: EventBridge, SQS, CloudWatch pricing). */
const PARTNER_EVENT = 1 / 1_000_000;
const SQS_REQUEST = 0.4 / 1_000_000;
const LOG_BYTE = 0.5 / 1_000_000_000;
/** One to send, one to receive, one to delete. Batches need fewer. */
const REQUESTS_PER_EVENT = 3;

/** The average cost of 1,000 conversations. */
export interface Cost {
  readonly genesysCalls: number;
  readonly oracleCalls: number;
  readonly events: number;
  /**
   * The AWS price of what grows with conversations: partner events, SQS, log lines. The fixed price of
   * the worker (Fargate, Redis) is not included.
   */
  readonly awsUsd: number;
}

/** Totals of a log. */
export interface Counted {
  readonly conversations: number;
  readonly genesysCalls: number;
  readonly oracleCalls: number;
  readonly events: number;
  readonly logBytes: number;
}

/** [pure] Undefined if there was no conversation. */
export function costPerThousand(counted: Counted): Cost | undefined {
  const { conversations, events, logBytes } = counted;
  if (conversations === 0) return undefined;
  const per = (amount: number) => (amount * 1_000) / conversations;
  const usd = events * (PARTNER_EVENT + REQUESTS_PER_EVENT * SQS_REQUEST) + logBytes * LOG_BYTE;
  return {
    genesysCalls: Math.round(per(counted.genesysCalls)),
    oracleCalls: Math.round(per(counted.oracleCalls)),
    events: Math.round(per(events)),
    awsUsd: Math.round(per(usd) * 10_000) / 10_000,
  };
}
