import type { FastifyReply, FastifyRequest } from "fastify";
import { NoSuchResource, startOracleProduct } from "../site/oracle-server.ts";
import type { OracleSimulator, OracleSimulatorOptions } from "../site/simulator.ts";
import { parseRoql, RoqlError, type Statement } from "./roql-parse.ts";
import { runSelect } from "./roql-run.ts";
import { tablesOf } from "./tables.ts";

export interface OracleB2cOptions extends OracleSimulatorOptions {
  /** `user:password` of a staff account; none unless told. */
  readonly basic?: string;
  /** Custom fields of incidents that the site has; none unless told. */
  readonly customFields?: readonly string[];
  /** Whether incidents can be filtered by the numbers of their contact; unless told, they can. */
  readonly phonesThroughContact?: boolean;
  /** The interface's language; any other `Accept-Language` is refused. `en-US` unless told. */
  readonly language?: string;
  /** What every answer asks to wait before the next request, in ms; nothing unless told. */
  readonly nextRequestAfterMs?: number;
}

/** A simulated B2C Service site, with what only it can tell. */
export interface OracleB2c extends OracleSimulator {
  /** DELETE statements that arrived: each would have removed records. */
  readonly deletes: number;
  /** Texts of the queries that were run, oldest first. */
  readonly queries: readonly string[];
  /** Requests, after the first answer, that did not send the API access token back. */
  readonly withoutAccessToken: number;
  /** Requests that came before the wait was over that the latest answer had asked for. */
  readonly tooEarly: number;
}

const PATH = "/services/rest/connect/v1.4/queryResults";
/** A query may have 100,000 characters, but addresses far shorter are cut by what stands in between. */
const LONGEST_ADDRESS = 4_096;
const LONGEST_CONTEXT = 40;

/** Thrown by a route: answered in the form of Connect REST's exceptions. */
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
 * Starts a strict simulator of Connect REST's `queryResults` on 127.0.0.1. It parses the query by
 * itself and runs whatever is in it, DELETE too, as Oracle does. One thing is stricter than what is
 * known of Oracle: `+` in a query is not a space.
 */
export async function startOracleB2c(options: OracleB2cOptions): Promise<OracleB2c> {
  const { language = "en-US", nextRequestAfterMs } = options;
  const { now = Date.now } = options.timing ?? {};
  const customFields = (options.customFields ?? []).map((path) => path.toLowerCase());
  const site = {
    customers: options.customers,
    customFields,
    phonesThroughContact: options.phonesThroughContact ?? true,
  };
  const handedOut = new Set<string>();
  const queries: string[] = [];
  let deletes = 0;
  let withoutAccessToken = 0;
  let tooEarly = 0;
  let nextAt = Number.NEGATIVE_INFINITY;

  function checkHeaders({ headers }: FastifyRequest): void {
    if (now() < nextAt) tooEarly += 1;
    const context = headers["osvc-crest-application-context"];
    if (typeof context !== "string" || context === "" || context.length > LONGEST_CONTEXT) {
      throw new ConnectRefusal(400, "OSC-CREST-00006", "OSvC-CREST-Application-Context");
    }
    const wanted = headers["accept-language"];
    if (wanted !== undefined && wanted !== language) {
      throw new ConnectRefusal(400, "OSC-CREST-00017", "Language");
    }
    const echoed = headers["osvc-crest-api-access-token"];
    if (echoed === undefined) withoutAccessToken += handedOut.size > 0 ? 1 : 0;
    else if (!handedOut.has(String(echoed))) {
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
    handedOut.add(accessToken);
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
    wrong(error, reply) {
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
  // Getters of the simulator must stay getters: it is extended, not copied.
  return Object.defineProperties(simulator, {
    deletes: { get: () => deletes },
    queries: { get: () => queries },
    withoutAccessToken: { get: () => withoutAccessToken },
    tooEarly: { get: () => tooEarly },
  }) as OracleB2c;
}

/** Percent-decoded, and `+` left as it is. */
function queryOf({ raw }: FastifyRequest): string {
  const { url = "" } = raw;
  if (url.length > LONGEST_ADDRESS) throw new ConnectRefusal(414, "OSC-CREST-00007", "too long");
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
