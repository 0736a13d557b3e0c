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
import type { SandboxCustomer } from "../simulators/oracle-cx/site/customers.ts";
import type { OracleSimulator } from "../simulators/oracle-cx/site/simulator.ts";
import {
  LOCAL_CREDENTIALS,
  type SandboxSqs,
  type SqsOptions,
  startSqs,
} from "../simulators/sqs/server.ts";
import { installRules, REFERENCE_ATTRIBUTE } from "./install-rules.ts";
import { type SandboxDialect, sandboxOracles } from "./oracle-dialects.ts";

export interface SandboxEnvironmentOptions extends SqsOptions {
  /** Latency of Oracle's next answer, in ms. */
  readonly oracleLatencyMs: () => number;
  /** Latency of Genesys' next answer, in ms. */
  readonly genesysLatencyMs: () => number;
  /** Default: `gateway`. */
  readonly dialect?: SandboxDialect;
  /** Oracle's customers. Default: the sample customers. */
  readonly customers?: readonly SandboxCustomer[];
}

/** Everything around a worker: the simulated systems, and the variables with their addresses. */
export interface SandboxEnvironment extends AsyncDisposable {
  readonly sqs: SandboxSqs;
  readonly eventBridge: EventBridgeSimulator;
  readonly genesys: GenesysSimulator;
  readonly oracle: OracleSimulator;
  /** Environment variables that `ringahead worker` needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** The token of an administrator of the simulated org: for `setup`, `doctor`, `actions`. */
  readonly administratorToken: string;
  /** Sends a Genesys event to the event bus. The rules decide which target gets it. */
  publish(topic: keyof typeof topics, eventBody: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

/** The partner event source of the simulated org. */
export const EVENT_SOURCE = eventSourceOf(SANDBOX_ORGANIZATION.id, "ringahead-sandbox");
const CLIENT = { clientId: "ringahead-sandbox", clientSecret: "not-a-secret-here" };

/** Starts SQS, EventBridge with the deployed rules, Genesys Cloud and Oracle on 127.0.0.1. */
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
    timing: { latencyMs: options.genesysLatencyMs },
    events: {
      onEventSource(name, { awsAccountRegion }) {
        if (awsAccountRegion === REGION) eventBridge.addEventSource(name);
      },
      onAttributes({ conversationId, participantId, attributes, at }) {
        // Only a confirmation: it may be lost while the sandbox closes.
        publish("attributes", { eventTime: at, conversationId, participantId, attributes }).catch(
          () => undefined,
        );
      },
    },
  });
  // Exactly the permissions that `ringahead setup` grants. The sandbox shows that they suffice.
  genesys.org.setPermissions(
    CLIENT.clientId,
    clientNeeds.map(({ permission }) => permission),
  );
  genesys.addContact(sampleContact);
  const { dialect = "gateway" } = options;
  const oracle = await sandboxOracles[dialect].start({
    ...CLIENT,
    customers: options.customers ?? sampleCustomers(Date.now()),
    timing: { latencyMs: options.oracleLatencyMs },
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
    if (refused !== undefined)
      throw new Error(`PutEvents refused an event: ${refused.ErrorMessage}`);
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
      REFERENCE_ATTRIBUTE,
      ORACLE_DIALECT: dialect,
      ORACLE_BASE_URL: oracle.url,
      // A sample customer is stored with a German number that has no country code.
      ORACLE_HOME_COUNTRIES: "1,49",
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
