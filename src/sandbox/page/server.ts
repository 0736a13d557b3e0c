import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { type LoopbackServer, startLoopback } from "../simulators/server/loopback-server.ts";
import type { DeadLetterView } from "./dead-letters.ts";
import { breakable, type Switches } from "./switches.ts";
import type { Traffic } from "./traffic.ts";
import type { ConversationRow, View } from "./view.ts";

/** The agent panel on the page. Its functions are called only when the page is requested. */
export interface PagePanel {
  addressOf(conversationId: string): string;
  /** Origins that its frame loads: the panel and its login. */
  origins(): readonly string[];
}

export interface PageDeps {
  readonly view: View;
  readonly switches: Switches;
  readonly traffic: Traffic;
  readonly deadLetters: DeadLetterView;
  /** The summary that the agent of a conversation reads. */
  readonly summaryOf: (row: ConversationRow) => string | undefined;
  /** The worker's answer at `/readyz`. Undefined if there is none yet. */
  readonly worker: () => Promise<unknown>;
  readonly panel: PagePanel;
}

const assets = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
} as const;

const BODY_BYTES = 1_000;
const UPDATE_INTERVAL_MS = 500;
/** Longer, because listing dead letters receives them. */
const LIST_INTERVAL_MS = 4_000;

/**
 * Starts the page. Its commands are POST requests with a JSON body, which no other site can send without
 * a preflight.
 */
export function startPage(deps: PageDeps): Promise<LoopbackServer> {
  return startLoopback({ bodyLimitBytes: BODY_BYTES }, (app, closing) => {
    addAssets(app, deps.panel);
    addEvents(app, closing, deps);
    addControls(app, deps);
  });
}

function addAssets(app: FastifyInstance, panel: PagePanel): void {
  const policy = () =>
    `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src ${panel.origins().join(" ")}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  for (const [path, [file, type]] of Object.entries(assets)) {
    app.get(path, (_, reply) => {
      reply.header("content-type", type).header("content-security-policy", policy());
      return readFile(new URL(`./assets/${file}`, import.meta.url));
    });
  }
}

/** Server-sent events: the whole state, whenever it has changed. */
function addEvents(app: FastifyInstance, closing: AbortSignal, deps: PageDeps): void {
  let deadLetters: readonly unknown[] = [];
  let problem: string | undefined;

  async function list(): Promise<void> {
    try {
      deadLetters = await deps.deadLetters.list();
      problem = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem = `The dead letters could not be listed: ${reason}`;
    }
  }

  async function state(): Promise<string> {
    const { view, switches, traffic, panel } = deps;
    return JSON.stringify({
      conversations: view.rows.map((row) => ({
        ...row,
        summary: deps.summaryOf(row),
        panel: panel.addressOf(row.conversationId),
      })),
      counts: view.counts,
      switches: switches.state,
      perMinute: traffic.perMinute,
      worker: await deps.worker().catch(() => undefined),
      deadLetters,
      problem,
    });
  }

  app.get("/events", (_, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    let sent = "";
    let updating = false;
    const update = async () => {
      if (updating) return;
      updating = true;
      const current = await state();
      if (current !== sent && !raw.destroyed) raw.write(`data: ${current}\n\n`);
      sent = current;
      updating = false;
    };
    const timers = [setInterval(update, UPDATE_INTERVAL_MS), setInterval(list, LIST_INTERVAL_MS)];
    const end = () => {
      for (const timer of timers) clearInterval(timer);
    };
    raw.once("close", end);
    closing.addEventListener("abort", end, { once: true });
    void update();
    void list();
  });
}

const breaking = z.strictObject({ what: z.enum(breakable), broken: z.boolean() });
const starting = z.strictObject({ count: z.int().min(1).max(500) });
const flowing = z.strictObject({ perMinute: z.int().min(0).max(600) });
const replaying = z.strictObject({ code: z.string().regex(/^[\w.-]{1,60}$/) });

function addControls(app: FastifyInstance, { switches, traffic, deadLetters }: PageDeps): void {
  control(app, "/break", breaking, ({ what, broken }) => switches.set(what, broken));
  control(app, "/start", starting, ({ count }) => traffic.start(count));
  control(app, "/flow", flowing, ({ perMinute }) => traffic.flow(perMinute));
  control(app, "/replay", replaying, async ({ code }) => ({
    message: await deadLetters.replay(code),
  }));
}

function control<T>(
  app: FastifyInstance,
  path: string,
  schema: z.ZodType<T>,
  act: (body: T) => unknown,
): void {
  app.post(path, async (request, reply: FastifyReply) => {
    const body = schema.safeParse(request.body);
    if (!body.success) return reply.status(400).send({ error: z.prettifyError(body.error) });
    return (await act(body.data)) ?? {};
  });
}
