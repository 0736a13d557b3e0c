import type { ServerResponse } from "node:http";

/** Which requests a fault strikes; every request where nothing is said. */
interface FaultMatch {
  readonly method?: string;
  /** The start of the path, or a pattern found in it; the query is no part of it. */
  readonly path?: string | RegExp;
}

/**
 * What the client gets instead of the answer:
 * - `answer`: any status, headers and body; a body that is no string is sent as JSON.
 * - `html`: an error page, as proxies send them (502 unless told).
 * - `empty`: a status (503 unless told) with no body.
 * - `reset`: the head and half a body, then the connection breaks.
 * - `drop`: the connection breaks with nothing answered.
 * - `hang`: nothing, ever.
 * - `drip`: the head, then one byte every `everyMs` (20 unless told) without end.
 */
export type FaultAnswer =
  | {
      readonly kind?: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly kind: "html" | "empty"; readonly status?: number }
  | { readonly kind: "reset" | "drop" | "hang" }
  | { readonly kind: "drip"; readonly everyMs?: number };

export type Fault = FaultAnswer & {
  readonly match?: FaultMatch;
  /** How many matching requests it strikes: 1 unless told; may be `Infinity`. */
  readonly times?: number;
  /** True where the request does its work and only the answer is lost; else it is struck on arrival. */
  readonly carriedOut?: boolean;
};

/** The faults that a simulator has in store; the first that matches strikes. */
export interface Faults {
  push(...faults: readonly Fault[]): void;
  clear(): void;
  /** How many strikes are still to come. */
  readonly left: number;
  /** Uses up one strike of the first fault that matches. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
  let store: { fault: Fault; left: number }[] = [];
  return {
    push(...faults) {
      store.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
    },
    clear() {
      store = [];
    },
    get left() {
      return store.reduce((sum, { left }) => sum + left, 0);
    },
    take(method, path) {
      const found = store.find(({ fault }) => strikes(fault.match, method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      store = store.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}

function strikes(match: FaultMatch | undefined, method: string, path: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  return typeof match.path === "string"
    ? path.startsWith(match.path)
    : path.search(match.path) !== -1;
}

/** The status of the whole answer that a fault gives; undefined where it gives no whole one. */
export function statusOfFault(fault: FaultAnswer): number | undefined {
  switch (fault.kind) {
    case undefined:
    case "answer":
      return fault.status;
    case "html":
      return fault.status ?? 502;
    case "empty":
      return fault.status ?? 503;
    default:
      return undefined;
  }
}

const HALF_A_BODY = '{"totalCount":1,"items":[{"';
const ERROR_PAGE = "<html><head><title>Bad Gateway</title></head><body>Bad Gateway</body></html>";

/** Gives the fault's answer; the response is in its hands from here on. */
export function answerWithFault(fault: FaultAnswer, response: ServerResponse): void {
  const status = statusOfFault(fault) ?? 200;
  switch (fault.kind) {
    case undefined:
    case "answer": {
      const isText = typeof fault.body === "string";
      const type = isText ? "text/plain" : "application/json";
      response.writeHead(status, { "content-type": type, ...fault.headers });
      response.end(isText || fault.body === undefined ? fault.body : JSON.stringify(fault.body));
      return;
    }
    case "html":
      response.writeHead(status, { "content-type": "text/html" }).end(ERROR_PAGE);
      return;
    case "empty":
      response.writeHead(status, { "content-length": 0 }).end();
      return;
    case "reset":
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": HALF_A_BODY.length * 2,
      });
      response.write(HALF_A_BODY, () => response.destroy());
      return;
    case "drop":
      response.destroy();
      return;
    case "hang":
      return;
    case "drip":
      drip(response, fault.everyMs ?? 20);
      return;
  }
}

/** Spaces, which JSON allows before a value: no reader can tell that the body will never come. */
function drip(response: ServerResponse, everyMs: number): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.write(" ");
  const timer = setInterval(() => response.write(" "), everyMs);
  response.once("close", () => clearInterval(timer));
}
