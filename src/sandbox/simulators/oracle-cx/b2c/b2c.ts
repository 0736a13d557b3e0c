import type { FastifyReply, FastifyRequest } from "fastify";
import { NoSuchResource, startOracleProduct } from "../site/oracle-server.ts";
import type { OracleSimulator, OracleSimulatorOptions } from "../site/simulator.ts";
import { parseRoql, RoqlError, type Statement } from "./roql-parse.ts";
import { runSelect } from "./roql-run.ts";
import { tablesOf } from "./tables.ts";

export interface OracleB2cOptions extends OracleSimulatorOptions {
  /** `user:password` of a staff account. Default: none. */
  readonly basic?: string;
  /** Paths of the incidents' custom fields. Default: none. */
  readonly customFields?: readonly string[];
  /** Whether incidents can be filtered by the numbers of their contact. Default: true. */
  readonly phonesThroughContact?: boolean;
  /** Columns of contacts that a SELECT may not name: `Phones.Number`. Default: none. */
  readonly refusedColumns?: readonly string[];
  /** The interface's language. Any other `Accept-Language` is refused. Default: `en-US`. */
  readonly language?: string;
  /** How long each answer tells the client to wait before the next request, in ms. Default: no wait. */
  readonly nextRequestAfterMs?: number;
}

/** A simulated B2C Service site. */
export interface OracleB2c extends OracleSimulator {
  /** Number of DELETE statements. Oracle would have deleted records. */
  readonly deletes: number;
  /** The queries that were run, oldest first. */
  readonly queries: readonly string[];
  /** Number of requests, after the first answer, without the API access token. */
  readonly withoutAccessToken: number;
  /** Number of requests before the end of the wait that the latest answer asked for. */
  readonly tooEarly: number;
}

const PATH = "/services/rest/connect/v1.4/queryResults";
/** Queries may have 100,000 characters, but proxies limit the length of a URL. */
const MAX_URL_LENGTH = 4_096;
const MAX_CONTEXT_LENGTH = 40;

/** Thrown by a route: the request is answered with a Connect REST exception. */
class ConnectRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, title: string) {
    super(title);
    this.status = status;
    this.code = code;
  }
}

/**
 * Starts a strict simulator of Connect REST's `queryResults` on 127.0.0.1. It runs every statement of a
 * query, including DELETE, as Oracle does. It is stricter than known of Oracle in one point: `+` in a query
 * is not a space.
 */
export async function startOracleB2c(options: OracleB2cOptions): Promise<OracleB2c> {
  const { language = "en-US", nextRequestAfterMs } = options;
  const { now = Date.now } = options.timing ?? {};
  const customFields = (options.customFields ?? []).map((path) => path.toLowerCase());
  const site = {
    customers: options.customers,
    customFields,
    phonesThroughContact: options.phonesThroughContact ?? true,
    refusedColumns: (options.refusedColumns ?? []).map((path) => path.toLowerCase()),
  };
  const accessTokens = new Set<string>();
  const queries: string[] = [];
  let deletes = 0;
  let withoutAccessToken = 0;
  let tooEarly = 0;
  let nextAt = Number.NEGATIVE_INFINITY;

  function checkHeaders({ headers }: FastifyRequest): void {
    if (now() < nextAt) tooEarly += 1;
    const context = headers["osvc-crest-application-context"];
    if (typeof context !== "string" || context === "" || context.length > MAX_CONTEXT_LENGTH) {
      throw new ConnectRefusal(400, "OSC-CREST-00006", "OSvC-CREST-Application-Context");
    }
    const requested = headers["accept-language"];
    if (requested !== undefined && requested !== language) {
      throw new ConnectRefusal(400, "OSC-CREST-00017", "Language");
    }
    const echoed = headers["osvc-crest-api-access-token"];
    if (echoed === undefined) withoutAccessToken += accessTokens.size > 0 ? 1 : 0;
    else if (!accessTokens.has(String(echoed))) {
      throw new ConnectRefusal(400, "OSC-CREST-00006", "osvc-crest-api-access-token");
    }
  }

  function run(statement: Statement) {
    if (statement.kind === "select") return runSelect(statement, tablesOf(site));
    deletes += 1;
    return { tableName: statement.table, count: 0, columnNames: [], rows: [] };
  }

  function answerQuery(request: FastifyRequest, reply: FastifyReply) {
    const text = queryOf(request);
    queries.push(text);
    const items = parseRoql(text).map(run);
    const accessToken = crypto.randomUUID();
    accessTokens.add(accessToken);
    reply.header("osvc-crest-api-access-token", accessToken);
    if (nextRequestAfterMs !== undefined) {
      reply.header("osvc-crest-next-request-after", nextRequestAfterMs);
      nextAt = now() + nextRequestAfterMs;
    }
    return reply.send({ items, links: [] });
  }

  const simulator = await startOracleProduct(options, {
    searchPath: PATH,
    throttle: { status: 503, body: exception(503, "OSC-CREST-00035", "Throttled") },
    kindOf: ({ url }) => (url.startsWith(PATH) ? "search" : "other"),
    basic: options.basic,
    unauthorized: (reply) => reply.code(401).send(exception(401, "OSC-CREST-00014", "Login")),
    onError(error, reply) {
      const { status, code, message } = asRefusal(error);
      reply.code(status).send(exception(status, code, message));
    },
    routes(api, note) {
      api.get(PATH, (request, reply) => {
        checkHeaders(request);
        if (/FROM Incidents/i.test(queryOf(request)) && !/FROM Contacts/i.test(queryOf(request))) {
          note(request, "cases");
        }
        return answerQuery(request, reply);
      });
    },
  });
  // Extended, not copied, so that its getters stay getters.
  return Object.defineProperties(simulator, {
    deletes: { get: () => deletes },
    queries: { get: () => queries },
    withoutAccessToken: { get: () => withoutAccessToken },
    tooEarly: { get: () => tooEarly },
  }) as OracleB2c;
}

/** The query, percent-decoded. `+` stays as it is. */
function queryOf({ raw }: FastifyRequest): string {
  const { url = "" } = raw;
  if (url.length > MAX_URL_LENGTH)
    throw new ConnectRefusal(414, "OSC-CREST-00007", "The URL is too long");
  const [, encoded] = /^[^?]*\?query=([^&]*)$/.exec(url) ?? [];
  if (encoded === undefined) throw new ConnectRefusal(400, "OSC-CREST-00007", "query");
  return decodeURIComponent(encoded);
}

function asRefusal(error: unknown): ConnectRefusal {
  if (error instanceof ConnectRefusal) return error;
  if (error instanceof RoqlError || error instanceof URIError) {
    return new ConnectRefusal(400, "OSC-CREST-00007", error.message);
  }
  if (error instanceof NoSuchResource) return new ConnectRefusal(404, "OSC-CREST-00013", "URI");
  return new ConnectRefusal(500, "OSC-CREST-00008", "Internal error");
}

function exception(status: number, code: string, detail: string) {
  const type = `/services/rest/connect/exceptions/${code}`;
  return { type, title: "Error", status, detail, instance: PATH, "o:errorCode": code };
}
