import { InvalidPattern } from "./event-operators.ts";
import { type ActionTools, actions, type Envelope, ruleArn } from "./eventbridge-actions.ts";
import { type Buses, createBuses, EventBridgeError, type Target } from "./eventbridge-state.ts";
import { type LoopbackServer, startLoopback } from "./loopback-server.ts";

export interface EventBridgeOptions {
  readonly port?: number;
  /** Sends a body to the queue of this ARN. Attributes are those of a failed delivery. */
  readonly deliver: (
    queueArn: string,
    body: string,
    attributes?: Readonly<Record<string, string>>,
  ) => Promise<void>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** An EventBridge on this machine. */
export interface EventBridgeSimulator extends LoopbackServer {
  /** Deliveries that failed and had no dead-letter queue, or failed there too. */
  readonly lost: number;
}

const TARGET_PREFIX = "AWSEvents.";
const REQUEST_BYTES = 4 * 1024 * 1024;

/**
 * Starts an EventBridge that the real SDK talks to (`AWSEvents.*`, JSON 1.1): buses, rules, targets
 * and `PutEvents`. It takes sources that begin with `aws.partner/`, which the real `PutEvents` keeps
 * for partners. A delivery is tried once: AWS' own retries, up to 24 hours, are not simulated.
 */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeSimulator> {
  const buses = createBuses();
  const { now, newId } = options;
  let lost = 0;

  async function deliver(
    bus: string,
    rule: string,
    target: Target,
    event: Envelope,
  ): Promise<void> {
    const body = JSON.stringify(event);
    try {
      await options.deliver(target.arn, body);
    } catch (error) {
      if (target.deadLetterArn === undefined) throw error;
      await options.deliver(target.deadLetterArn, body, {
        ERROR_CODE: error instanceof Error ? error.name : "UNKNOWN",
        ERROR_MESSAGE: "The target could not be reached.",
        RULE_ARN: ruleArn(bus, rule),
        TARGET_ARN: target.arn,
      });
    }
  }

  const route: ActionTools["route"] = (bus, event) => {
    for (const rule of matching(buses, bus, event)) {
      for (const target of rule.targets.values()) {
        deliver(bus, rule.name, target, event).catch(() => {
          lost += 1;
        });
      }
    }
  };

  const server = await startLoopback(
    {
      bodyLimitBytes: REQUEST_BYTES,
      ...(options.port === undefined ? {} : { port: options.port }),
    },
    (app) => {
      app.addContentTypeParser(
        "application/x-amz-json-1.1",
        { parseAs: "string" },
        (_, body, done) => done(null, body),
      );
      app.post("/", (request, reply) => {
        reply.header("content-type", "application/x-amz-json-1.1");
        try {
          const name = String(request.headers["x-amz-target"]).replace(TARGET_PREFIX, "");
          const action = actions[name];
          if (action === undefined) {
            throw new EventBridgeError("UnknownOperationException", `${name} is not simulated.`);
          }
          const answer = action(JSON.parse(String(request.body)), { buses, route, now, newId });
          reply.send(JSON.stringify(answer));
        } catch (error) {
          reply.status(400).send(JSON.stringify(errorBody(error)));
        }
      });
    },
  );

  return {
    ...server,
    get lost() {
      return lost;
    },
  };
}

function matching(buses: Buses, bus: string, event: Envelope) {
  return [...buses.rules(bus).values()].filter(({ enabled, matches }) => enabled && matches(event));
}

function errorBody(error: unknown): { __type: string; message: string } {
  if (error instanceof EventBridgeError) return { __type: error.code, message: error.message };
  if (error instanceof InvalidPattern) {
    return { __type: "InvalidEventPatternException", message: error.message };
  }
  throw error;
}
