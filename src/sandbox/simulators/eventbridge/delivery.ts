import type { BusRule } from "./buses.ts";

/** Sends a message to a queue. Rejects if it is not sent. */
export type Deliver = (
  queueArn: string,
  body: string,
  /** Message attributes, all of them strings. */
  attributes?: Readonly<Record<string, string>>,
) => Promise<void>;

/** An event that did not reach its target. */
export interface UndeliveredEvent {
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly message: string;
  /** Whether the target's dead-letter queue got it. If not, the event is lost. */
  readonly deadLettered: boolean;
}

/**
 * Sends an event to every target of a rule, without retries. If that fails, the event goes to the
 * target's dead-letter queue with the reason ("Using dead-letter queues to process undelivered
 * events"), and `onFailed` is called. Never rejects.
 */
export async function deliverTo(
  rule: BusRule,
  body: string,
  deliver: Deliver,
  onFailed: (failed: UndeliveredEvent) => void,
): Promise<void> {
  async function deadLettered(queueArn: string, attributes: Record<string, string>) {
    return await deliver(queueArn, body, attributes).then(
      () => true,
      () => false,
    );
  }

  async function send(targetArn: string, deadLetterArn: string | undefined): Promise<void> {
    try {
      await deliver(targetArn, body);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const reason = {
        ERROR_CODE: "SDK_CLIENT_ERROR",
        ERROR_MESSAGE: message,
        RULE_ARN: rule.arn,
        TARGET_ARN: targetArn,
      };
      const kept = deadLetterArn !== undefined && (await deadLettered(deadLetterArn, reason));
      onFailed({ ruleArn: rule.arn, targetArn, message, deadLettered: kept });
    }
  }

  const targets = [...rule.targets.values()];
  await Promise.all(
    targets.map(({ Arn, DeadLetterConfig }) => send(Arn ?? "", DeadLetterConfig?.Arn)),
  );
}
