import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { topics } from "../../src/domain/event/rules.ts";
import type { SandboxCustomer } from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";

/** The ids of the nth conversation. */
export function idsOf(index: number) {
  return { conversationId: `call-${index}`, participantId: "customer", sessionId: "s" };
}

/** The index of the conversation with this id. */
export function indexOf(conversationId: string): number {
  return Number(conversationId.slice("call-".length));
}

function numberOf(index: number): string {
  return `+1555${String(2_000_000 + index)}`;
}

/** Each conversation has its own customer, so that no history is cached. */
export function customerOf(index: number): SandboxCustomer {
  return {
    customerId: `CUST-${index}`,
    firstName: "Cus",
    lastName: "Tomer",
    accountName: "",
    phones: [numberOf(index)],
    emails: [],
    cases: [],
  };
}

/** The body of an SQS message with an event of the nth conversation. */
export function eventOf(index: number, topic: keyof typeof topics, eventTime: number): string {
  const template = topics[topic];
  return JSON.stringify({
    id: crypto.randomUUID(),
    "detail-type": template,
    source: "aws.partner/genesys.com/bench",
    detail: {
      topicName: template.replace("{id}", `call-${index}`),
      timestamp: new Date(eventTime).toISOString(),
      eventBody: {
        ...idsOf(index),
        eventTime,
        mediaType: "VOICE",
        direction: "INBOUND",
        ani: `tel:${numberOf(index)}`,
        user: { id: "agent" },
      },
    },
  });
}

export async function sendAll(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
): Promise<void> {
  for (let first = 0; first < bodies.length; first += 10) {
    const Entries = bodies
      .slice(first, first + 10)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
