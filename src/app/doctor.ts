import type { Readable } from "node:stream";
import { type Config, ConfigurationError, type Environment } from "../config/load.ts";
import { readConfig } from "../config/read.ts";
import { asFailure } from "../domain/failure.ts";
import { openWithBearer } from "../genesys/bearer.ts";
import { createPlatformApi } from "../genesys/platform-api.ts";
import { checkArrivals } from "../operations/doctor/arrivals.ts";
import { watchAwsClock } from "../operations/doctor/aws-clock.ts";
import { checkClocks } from "../operations/doctor/clocks.ts";
import { checkBus } from "../operations/doctor/event-bus.ts";
import { about, type Finding } from "../operations/doctor/finding.ts";
import { checkGenesys } from "../operations/doctor/genesys.ts";
import { checkOracle, type OracleCheckDeps } from "../operations/doctor/oracle.ts";
import { checkOrg, type OrgCheckDeps } from "../operations/doctor/org.ts";
import { checkQueues } from "../operations/doctor/queues.ts";
import { checkRedis } from "../operations/doctor/redis.ts";
import { checkWrite } from "../operations/doctor/write.ts";
import { createSqs } from "../queue/sqs.ts";
import { type ApiDeps, openGenesys, openOracle } from "./apis.ts";
import { systemClocks } from "./clocks.ts";
import { openEventBridge } from "./event-bridge.ts";
import { lookupWith } from "./lookup.ts";

export interface Examination {
  /** Undefined: the bus of Genesys Cloud's event source. */
  readonly bus: string | undefined;
  readonly known: OracleCheckDeps["known"];
  /** One that is going on, or was: what would be written to it is looked at, and not written. */
  readonly conversation: string | undefined;
  /** A worker's log. */
  readonly log: string | undefined;
  /** An administrator's token; undefined if nobody has signed in. */
  readonly adminToken: (loginUrl: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly stdin: Readable;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The checks that are skipped if the configuration is wrong. */
const REST = ["queue", "event bus", "Genesys Cloud", "Oracle", "Redis", "clock"];

/**
 * Looks at a whole installation, from where it is run: by its configuration, with its secrets. It
 * changes nothing. One thing that is broken hides no other, but for what depends on it.
 */
export async function examine(
  environment: Environment,
  examination: Examination,
): Promise<readonly Finding[]> {
  const tell = about("configuration");
  let config: Config;
  try {
    config = await readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const why = "Nothing starts.";
    const cure = "Every variable is explained in docs/reference/configuration.md.";
    return [
      ...error.problems.map((what) => tell.broken({ what, why, cure })),
      ...REST.map((thing) => about(thing).skipped("the configuration is wrong")),
    ];
  }
  return [
    tell.ok(`every variable can be read${config.SHADOW ? "; SHADOW: nothing is written" : ""}`),
    ...(await examineAll(config, examination)),
  ];
}

async function examineAll(config: Config, examination: Examination): Promise<readonly Finding[]> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { now, stdin } = examination;
  // A failure is a finding; it is not reported a second time.
  const deps: ApiDeps = {
    ...{ report: () => undefined, clocks: systemClocks(), random: Math.random },
    ...{ signal, shared: undefined },
  };
  const sqs = createSqs(config.AWS_REGION, config.sqsEndpoint);
  const awayOfAws = watchAwsClock(sqs, now);
  const bridge = openEventBridge(config.AWS_REGION, config);
  const genesys = openGenesys(config, config.ORACLE_CONCURRENCY, deps);
  const oracle = openOracle(config, deps);
  const lookup = lookupWith({ ...config, genesys: config }, { oracle, genesys }, deps);
  try {
    const [queues, seen, ofOracle, ofRedis, arrivals] = await Promise.all([
      checkQueues(sqs, config),
      checkGenesys(genesys, signal, now),
      checkOracle({ api: oracle, lookup, config, known: examination.known, signal }),
      checkRedis(config.REDIS_URL, config.REDIS_CLUSTER),
      checkArrivals(examination.log, stdin, now()),
    ]);
    const bus = await checkBus({
      bridge,
      busName: examination.bus,
      attributePrefix: config.ATTRIBUTE_PREFIX,
      referenceAttribute: config.REFERENCE_ATTRIBUTE,
      queueArn: queues.arn,
    });
    const account = queues.arn?.split(":")[4];
    const ofOrg = await lookAtOrg(config, examination, { account, busName: bus.name, signal });
    return [
      ...checkClocks([
        { server: "Genesys Cloud", offsetMs: seen.offsetMs },
        { server: "AWS", offsetMs: awayOfAws() },
      ]),
      ...[...queues.findings, ...bus.findings, ...seen.findings, ...ofOrg, ...ofOracle],
      await checkWrite(lookup, examination.conversation, config),
      ...[ofRedis, arrivals],
    ];
  } finally {
    stopping.abort();
    for (const api of [genesys, oracle]) api.close();
    sqs.destroy();
    bridge.destroy();
  }
}

/** The checks that need an administrator; skipped if nobody has signed in. */
async function lookAtOrg(
  config: Config,
  { adminToken }: Examination,
  seen: Pick<OrgCheckDeps, "account" | "busName"> & { readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  const { GENESYS_API_URL: apiUrl, GENESYS_LOGIN_URL: loginUrl } = config;
  const tell = about("org");
  const { signal } = seen;
  try {
    const token = await adminToken(loginUrl, signal);
    if (token === undefined) {
      return [tell.skipped("sign in as an administrator: --login-client <id> or --access-token -")];
    }
    const { sdk, call, close } = openWithBearer({ apiUrl, token, signal });
    const api = createPlatformApi(sdk, call, systemClocks().epochNow);
    try {
      return await checkOrg({
        ...{ sdk, api, ...seen, clientId: config.GENESYS_CLIENT_ID, region: config.AWS_REGION },
      });
    } finally {
      close();
    }
  } catch (error) {
    const { message, cure } = asFailure(error);
    return [tell.broken({ what: message, why: "How the org is set up is not known.", cure })];
  }
}
