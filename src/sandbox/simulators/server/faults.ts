import type { ServerResponse } from "node:http";

/** Which requests a fault matches. Without fields it matches every request. */
interface FaultMatch {
  readonly method?: string;
  /** The start of the path, or a pattern that it contains. The path has no query. */
  readonly path?: string | RegExp;
}

/**
 * The answer that the client gets instead:
 * - `answer`: any status, headers and body. A body that is not a string is sent as JSON.
 * - `html`: an error page of a proxy (default status: 502).
 * - `empty`: a status (default: 503) without a body.
 * - `reset`: headers and half a body, then the connection is closed.
 * - `drop`: the connection is closed without an answer.
 * - `hang`: no answer.
 * - `drip`: headers, then one byte every `everyMs` (default: 20) without end.
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
  /** How many matching requests it is applied to, at most `Infinity`. Default: 1. */
  readonly times?: number;
  /** Whether the request is executed before its answer is replaced. Default: false. */
  readonly processed?: boolean;
};

/** The planned faults of a simulator. The first that matches a request is applied. */
export interface Faults {
  push(...faults: readonly Fault[]): void;
  clear(): void;
  /** How many requests the planned faults still apply to. */
  readonly left: number;
  /** Returns the first fault that matches, and counts one request for it. */
  take(method: string, path: string): Fault | undefined;
}

export function createFaults(): Faults {
  let planned: { fault: Fault; left: number }[] = [];
  return {
    push(...faults) {
      planned.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
    },
    clear() {
      planned = [];
    },
    get left() {
      return planned.reduce((sum, { left }) => sum + left, 0);
    },
    take(method, path) {
      const found = planned.find(({ fault }) => isMatch(fault.match, method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      planned = planned.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}

function isMatch(match: FaultMatch | undefined, method: string, path: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  return typeof match.path === "string"
    ? path.startsWith(match.path)
    : path.search(match.path) !== -1;
}

/** The status of a fault's answer. Undefined if the answer is incomplete. */
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

/** Sends the fault's answer. The caller must not use the response any more. */
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

/** Sends spaces, which JSON allows before a value. */
function drip(response: ServerResponse, everyMs: number): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.write(" ");
  const timer = setInterval(() => response.write(" "), everyMs);
  response.once("close", () => clearInterval(timer));
}
