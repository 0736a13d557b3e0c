import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { topics } from "../../domain/event/rules.ts";
import { clientNeeds } from "../../operations/setup/plan/permissions.ts";
import { sampleContact } from "../samples/sample-conversations.ts";
import { sampleCustomers } from "../samples/sample-customers.ts";
import { REGION } from "../simulators/eventbridge/buses.ts";
import { type EventBridgeSimulator, startEventBridge } from "../simulators/eventbridge/server.ts";
import { eventSourceOf } from "../simulators/genesys-cloud/integrations.ts";
import { type GenesysSimulator, startGenesys } from "../simulators/genesys-cloud/server.ts";
import { SANDBOX_ORGANIZATION } from "../simulators/genesys-cloud/whoami.ts";
import { type SandboxDialect, sandboxOracles } from "../simulators/oracle-cx/dialects.ts";
import type { SandboxCustomer } from "../simulators/oracle-cx/site/customers.ts";
import type { OracleSimulator } from "../simulators/oracle-cx/site/simulator.ts";
import {
  LOCAL_CREDENTIALS,
  type SandboxSqs,
  type SqsOptions,
  startSqs,
} from "../simulators/sqs/server.ts";
import { installRules } from "./install-rules.ts";

export interface SandboxEnvironmentOptions extends SqsOptions {
  /** How long Oracle's next answer takes, in ms. */
  readonly oracleLatencyMs: () => number;
  /** How long Genesys' next answer takes, in ms. */
  readonly genesysLatencyMs: () => number;
  /** What Oracle speaks; `gateway` unless told. */
  readonly dialect?: SandboxDialect;
  readonly customers?: readonly SandboxCustomer[];
}

/** Everything around the worker: what it talks to, and how it is told where that is. */
export interface SandboxEnvironment extends AsyncDisposable {
  readonly sqs: SandboxSqs;
  readonly eventBridge: EventBridgeSimulator;
  readonly genesys: GenesysSimulator;
  readonly oracle: OracleSimulator;
  /** The environment that `ringahead worker` needs to work here. */
  readonly environment: Readonly<Record<string, string>>;
  /** The token of somebody who may do everything in the simulated org: for `setup`, `doctor`, `actions`. */
  readonly administratorToken: string;
  /** Sends a Genesys event to the event bus, as Genesys does; the rules decide where it goes. */
  publish(topic: keyof typeof topics, eventBody: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

/** The partner event source that Genesys would have made for an org of this name. */
export const EVENT_SOURCE = eventSourceOf(SANDBOX_ORGANIZATION.id, "ringahead-sandbox");
const CLIENT = { clientId: "ringahead-sandbox", clientSecret: "not-a-secret-here" };

/** Starts SQS, EventBridge with the deployed rules, Genesys Cloud and Oracle, all on 127.0.0.1. */
export async function startSandboxEnvironment(
  options: SandboxEnvironmentOptions,
): Promise<SandboxEnvironment> {
  const sqs = await startSqs(options);
  const eventBridge = await startEventBridge({
    deliver: sqs.deliver,
    now: Date.now,
    newId: () => crypto.randomUUID(),
  });
  const genesys = await startGenesys({
    ...CLIENT,
    latencyMs: options.genesysLatencyMs,
    onEventSource(name, { awsAccountRegion }) {
      if (awsAccountRegion === REGION) eventBridge.addEventSource(name);
    },
    onAttributes({ conversationId, participantId, attributes, at }) {
      // A confirmation only: one that is lost because the sandbox closes is missed by nobody.
      publish("attributes", { eventTime: at, conversationId, participantId, attributes }).catch(
        () => undefined,
      );
    },
  });
  // No more than `ringahead setup` gives it: the sandbox shows that this is enough.
  genesys.org.permissionsOf(
    CLIENT.clientId,
    clientNeeds.map(({ permission }) => permission),
  );
  genesys.addContact(sampleContact);
  const { dialect = "gateway" } = options;
  const oracle = await sandboxOracles[dialect].start({
    ...CLIENT,
    customers: options.customers ?? sampleCustomers(Date.now()),
    latencyMs: options.oracleLatencyMs,
  });
  const bridge = new EventBridgeClient({
    region: REGION,
    endpoint: eventBridge.url,
    credentials: LOCAL_CREDENTIALS,
  });
  eventBridge.addEventSource(EVENT_SOURCE);
  await installRules(bridge, EVENT_SOURCE, sqs.queue.arn, sqs.deadLetters.arn);

  async function publish(
    topic: keyof typeof topics,
    eventBody: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const template = topics[topic];
    const timestamp = new Date();
    const answer = await bridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: EVENT_SOURCE,
            Source: EVENT_SOURCE,
            DetailType: template,
            Time: timestamp,
            Detail: JSON.stringify({
              topicName: template.replace("{id}", String(eventBody.conversationId)),
              version: "2",
              timestamp: timestamp.toISOString(),
              eventBody,
              metadata: { CorrelationId: crypto.randomUUID() },
            }),
          },
        ],
      }),
    );
    const refused = answer.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused !== undefined) throw new Error(`PutEvents: ${refused.ErrorMessage}`);
  }

  async function close(): Promise<void> {
    bridge.destroy();
    await Promise.all([eventBridge.close(), genesys.close(), oracle.close()]);
    await sqs.close();
  }

  return {
    sqs,
    eventBridge,
    genesys,
    oracle,
    environment: {
      QUEUE_URL: sqs.queue.url,
      DEAD_LETTER_QUEUE_URL: sqs.deadLetters.url,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: sqs.endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
      AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
      GENESYS_API_URL: genesys.url,
      GENESYS_LOGIN_URL: genesys.url,
      GENESYS_CLIENT_ID: CLIENT.clientId,
      GENESYS_CLIENT_SECRET: CLIENT.clientSecret,
      ORACLE_DIALECT: dialect,
      ORACLE_BASE_URL: oracle.url,
      ORACLE_CLIENT_ID: CLIENT.clientId,
      ORACLE_CLIENT_SECRET: CLIENT.clientSecret,
      ...sandboxOracles[dialect].environment(oracle),
    },
    administratorToken: genesys.org.addUser({ name: "Ada Admin" }).token,
    publish,
    close,
    [Symbol.asyncDispose]: close,
  };
}
