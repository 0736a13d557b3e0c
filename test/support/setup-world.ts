import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { onTestFinished, vi } from "vitest";
import type { SetupArgs } from "../../src/cli/setup-desired-state.ts";
import { runSetup } from "../../src/cli/setup-run.ts";
import {
  type EventBridgeSimulator,
  startEventBridge,
} from "../../src/sandbox/simulators/eventbridge/server.ts";
import {
  type GenesysSimulator,
  startGenesys,
} from "../../src/sandbox/simulators/genesys-cloud/server.ts";
import { LOCAL_CREDENTIALS } from "../../src/sandbox/simulators/sqs/server.ts";
import { type SecretsManager, startSecretsManager } from "./secrets-manager.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "111122223333";
export const SECRET_NAME = "ringahead/genesys-client-secret";

/** An org, an AWS account, and an administrator in front of both. */
export interface SetupWorld {
  readonly genesys: GenesysSimulator;
  readonly bridge: EventBridgeSimulator;
  readonly manager: SecretsManager;
  readonly environment: Record<string, string>;
  readonly administrator: { readonly id: string; readonly token: string };
  /** Waits that were asked for, in ms; none is waited. */
  readonly pauses: number[];
  run(given?: Partial<SetupArgs>): Promise<SetupRun>;
  /** Requests so far that changed something, as `POST /api/v2/…`. */
  changes(): readonly string[];
}

export interface SetupRun {
  readonly complete: boolean;
  readonly output: string;
  readonly said: string;
}

export async function startSetupWorld(permissions?: readonly string[]): Promise<SetupWorld> {
  // The SDK takes them from the process, as it would in a shell.
  vi.stubEnv("AWS_ACCESS_KEY_ID", LOCAL_CREDENTIALS.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", LOCAL_CREDENTIALS.secretAccessKey);
  const bridge = await startEventBridge({
    deliver: () => Promise.resolve(),
    now: Date.now,
    newId: randomUUID,
  });
  const genesys = await startGenesys({
    clientId: "somebody-else",
    clientSecret: "s3:cret",
    events: {
      onEventSource(name, { awsAccountRegion }) {
        if (awsAccountRegion === REGION) bridge.addEventSource(name);
      },
    },
  });
  const manager = await startSecretsManager();
  onTestFinished(async () => {
    await Promise.all([genesys, bridge, manager].map((server) => server.close()));
  });
  const administrator = genesys.org.addUser({
    name: "Ada Admin",
    ...(permissions === undefined ? {} : { permissions }),
  });
  const environment: Record<string, string> = {
    GENESYS_API_URL: genesys.url,
    GENESYS_LOGIN_URL: genesys.url,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bridge.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
  };
  const pauses: number[] = [];
  return {
    ...{ genesys, bridge, manager, environment, administrator, pauses },
    async run(given = {}) {
      const output: string[] = [];
      const said: string[] = [];
      const complete = await runSetup(
        environment,
        {
          ...{ awsAccount: ACCOUNT, suffix: "ringahead", name: "Ringahead", port: 8765 },
          ...{ secret: SECRET_NAME, accessToken: "-" },
          ...given,
        },
        {
          stdin: Readable.from([`${administrator.token}\n`]),
          print: (text) => output.push(text),
          say: (text) => said.push(text),
          pause: (ms) => {
            pauses.push(ms);
            return Promise.resolve();
          },
          // Time is what was waited.
          now: () => pauses.reduce((sum, ms) => sum + ms, 0),
        },
      );
      return { complete, output: output.join("\n"), said: said.join("\n") };
    },
    changes: () =>
      genesys.calls
        .filter(({ method, path }) => method !== "GET" && path !== "/oauth/token")
        .map(({ method, path }) => `${method} ${path}`),
  };
}
