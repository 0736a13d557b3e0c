import type { FastifyReply, FastifyRequest } from "fastify";
import { NoSuchResource, startOracleProduct } from "../site/oracle-server.ts";
import type { OracleSimulator, OracleSimulatorOptions } from "../site/simulator.ts";
import { parseRowMatch, RowMatchError } from "./query.ts";
import {
  ID_ATTRIBUTES,
  type Resource,
  type ResourceName,
  type Row,
  resourcesOf,
  satisfies,
} from "./resources.ts";

export interface OracleFusionOptions extends OracleSimulatorOptions {
  /** `user:password` of a Fusion user. Default: none. */
  readonly basic?: string;
  /** Further attributes that are not queryable in this tenant. Default: none. */
  readonly notQueryable?: readonly string[];
  /** Whether texts are compared without regard to case. Default: false. */
  readonly ignoresCase?: boolean;
  /** Whether `q` may hold `upper()`. Default: true. */
  readonly hasUpper?: boolean;
}

/** A simulated Fusion Service pod. */
export interface OracleFusion extends OracleSimulator {
  /** All attributes that were requested so far. */
  readonly fetched: ReadonlySet<string>;
}

const PATH = "/crmRestApi/resources/11.13.18.05";
const PARAMETERS = ["q", "fields", "limit", "offset", "orderBy", "onlyData", "totalResults"];
const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;
/** From this framework version on, `q` is in rowmatch form. */
const ROWMATCH_FROM = 2;
const MAX_URL_LENGTH = 8_000;

class FusionRefusal extends Error {
  readonly status: number;

  constructor(status: number, title: string) {
    super(title);
    this.status = status;
  }
}

/**
 * Starts a strict simulator of contacts, accounts and service requests of `crmRestApi` on 127.0.0.1. It refuses unknown
 * parameters and attributes, `q` in the old form, and attributes that are not queryable. Integers of 18
 * digits are sent as numbers.
 */
export async function startOracleFusion(options: OracleFusionOptions): Promise<OracleFusion> {
  const fetched = new Set<string>();
  const forbidden = new Set(options.notQueryable);

  function resource(name: ResourceName): Resource {
    const found = resourcesOf(options.customers)[name];
    return { ...found, queryable: found.queryable.filter((one) => !forbidden.has(one)) };
  }

  function collection(name: ResourceName) {
    return (request: FastifyRequest, reply: FastifyReply) => {
      const query = readQuery(request, resource(name), options);
      for (const field of query.fields) fetched.add(field);
      return reply.type("application/json").send(pageOf(query, resource(name).rows()));
    };
  }

  const simulator = await startOracleProduct(options, {
    searchPath: `${PATH}/contacts`,
    throttle: { status: 429, headers: { "retry-after": "1" }, body: problem(429, "Too many") },
    kindOf({ url }) {
      if (/^\/(?:contacts|accounts)\?/.test(url.slice(PATH.length))) return "search";
      return url.startsWith(`${PATH}/serviceRequests?`) ? "cases" : "other";
    },
    basic: options.basic,
    unauthorized: (reply) => reply.code(401).send(problem(401, "Unauthorized")),
    onError(error, reply) {
      const status = statusOf(error);
      const title = error instanceof Error ? error.message : "Internal error";
      reply.code(status).send(problem(status, title));
    },
    routes(api) {
      api.get(`${PATH}/contacts`, collection("contacts"));
      api.get(`${PATH}/serviceRequests`, collection("serviceRequests"));
      api.get(`${PATH}/accounts`, collection("accounts"));
      api.get(`${PATH}/contacts/describe`, (_, reply) => {
        const { attributes, queryable } = resource("contacts");
        const described = attributes.map((name) => ({ name, queryable: queryable.includes(name) }));
        return reply.send({ Resources: { contacts: { attributes: described } } });
      });
    },
  });
  return Object.defineProperties(simulator, { fetched: { get: () => fetched } }) as OracleFusion;
}

interface Query {
  readonly fields: readonly string[];
  readonly matches: (row: Row) => boolean;
  readonly orderBy: { readonly attribute: string; readonly descending: boolean } | undefined;
  readonly limit: number;
  readonly offset: number;
}

function readQuery(
  request: FastifyRequest,
  resource: Resource,
  tenant: OracleFusionOptions,
): Query {
  const version = versionOf(request);
  const parameters = parametersOf(request.raw.url ?? "");
  const fields = (parameters.get("fields") ?? resource.attributes.join(",")).split(",");
  const unknown = fields.find((field) => !resource.attributes.includes(field));
  if (unknown !== undefined) throw new FusionRefusal(400, `unknown attribute ${unknown}`);
  const q = parameters.get("q");
  if (q !== undefined && version < ROWMATCH_FROM) {
    throw new FusionRefusal(
      400,
      "query by example is not simulated: send a later REST-Framework-Version",
    );
  }
  return {
    fields,
    matches: q === undefined ? () => true : condition(q, resource.queryable, tenant),
    orderBy: orderOf(parameters.get("orderBy"), resource.queryable),
    limit: whole(parameters.get("limit"), DEFAULT_LIMIT, MAX_LIMIT),
    offset: whole(parameters.get("offset"), 0, Number.MAX_SAFE_INTEGER),
  };
}

function versionOf({ headers }: FastifyRequest): number {
  const version = Number(headers["rest-framework-version"] ?? 1);
  if (Number.isInteger(version) && version >= 1 && version <= 9) return version;
  throw new FusionRefusal(400, "REST-Framework-Version");
}

function parametersOf(url: string): ReadonlyMap<string, string> {
  if (url.length > MAX_URL_LENGTH) throw new FusionRefusal(414, "URI too long");
  const parameters = new Map<string, string>();
  for (const pair of (url.split("?")[1] ?? "").split("&").filter(Boolean)) {
    const [name = "", value = ""] = pair.split("=");
    if (!PARAMETERS.includes(name)) throw new FusionRefusal(400, `unknown parameter ${name}`);
    parameters.set(name, decodeURIComponent(value));
  }
  return parameters;
}

function orderOf(orderBy: string | undefined, queryable: readonly string[]): Query["orderBy"] {
  if (orderBy === undefined) return undefined;
  const [attribute = "", direction = "asc"] = orderBy.split(":");
  if (!queryable.includes(attribute)) throw new FusionRefusal(400, `${attribute} is not queryable`);
  return { attribute, descending: direction === "desc" };
}

function condition(
  q: string,
  queryable: readonly string[],
  { ignoresCase = false, hasUpper = true }: OracleFusionOptions,
): (row: Row) => boolean {
  const { joinedBy, comparisons } = parseRowMatch(q);
  for (const { attribute, upper } of comparisons) {
    if (upper && !hasUpper) throw new FusionRefusal(400, "upper is not supported");
    if (!queryable.includes(attribute)) {
      throw new FusionRefusal(400, `${attribute} is not queryable`);
    }
  }
  return (row) =>
    joinedBy === "and"
      ? comparisons.every((one) => satisfies(row, one, ignoresCase))
      : comparisons.some((one) => satisfies(row, one, ignoresCase));
}

function whole(text: string | undefined, standard: number, highest: number): number {
  const value = text === undefined ? standard : Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new FusionRefusal(400, `${text} is not a whole number`);
  return Math.min(value, highest);
}

/** A page as JSON. Ids have no quotes. */
function pageOf({ fields, matches, orderBy, limit, offset }: Query, rows: readonly Row[]): string {
  const found = rows.filter(matches);
  if (orderBy !== undefined) {
    const { attribute, descending } = orderBy;
    const key = (row: Row) => row[attribute] ?? "";
    found.sort((a, b) => (descending ? -1 : 1) * key(a).localeCompare(key(b)));
  }
  const page = found.slice(offset, offset + limit);
  const items = page.map((row) => Object.fromEntries(fields.map((name) => [name, row[name]])));
  const hasMore = found.length > offset + page.length;
  const text = JSON.stringify({ items, count: page.length, hasMore, limit, offset, links: [] });
  return text.replace(
    new RegExp(`"(${ID_ATTRIBUTES.join("|")})":"(\\d+)"`, "g"),
    (_, name: string, id: string) => `"${name}":${id}`,
  );
}

function statusOf(error: unknown): number {
  if (error instanceof FusionRefusal) return error.status;
  if (error instanceof RowMatchError || error instanceof URIError) return 400;
  return error instanceof NoSuchResource ? 404 : 500;
}

/** The structured error of framework version 4 and later. */
function problem(status: number, title: string) {
  return { title, status: String(status), "o:errorDetails": [{ detail: title }] };
}
