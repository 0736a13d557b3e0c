import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { type LoopbackServer, startLoopback } from "../simulators/server/loopback-server.ts";
import type { DeadLetterView } from "./dead-letters.ts";
import { breakable, type Switches } from "./switches.ts";
import type { Traffic } from "./traffic.ts";
import type { ConversationRow, View } from "./view.ts";

/** The agent panel beside the page. Both are asked for only when the page is. */
export interface PagePanel {
  addressOf(conversationId: string): string;
  /** What it may show in its frame: itself, and its login. */
  origins(): readonly string[];
}

export interface PageOptions {
  readonly view: View;
  readonly switches: Switches;
  readonly traffic: Traffic;
  readonly letters: DeadLetterView;
  /** The line that the agent of a conversation reads. */
  readonly summaryOf: (row: ConversationRow) => string | undefined;
  /** The worker's own `/readyz`; undefined while it is not there. */
  readonly worker: () => Promise<unknown>;
  readonly panel: PagePanel;
}

const assets = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
} as const;

const BODY_BYTES = 1_000;
/** How often the page is told. */
const TELL_MS = 500;
/** Listing dead letters is receiving them: it is not done at each beat. */
const LIST_MS = 4_000;

/**
 * The page on which a person plays with the system. It changes things only by POST with a JSON body,
 * which no other site can send here without asking first.
 */
export function startPage(options: PageOptions): Promise<LoopbackServer> {
  return startLoopback({ bodyLimitBytes: BODY_BYTES }, (app, closing) => {
    addAssets(app, options.panel);
    addEvents(app, closing, options);
    addControls(app, options);
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
function addEvents(app: FastifyInstance, closing: AbortSignal, options: PageOptions): void {
  let letters: readonly unknown[] = [];
  let trouble: string | undefined;

  async function list(): Promise<void> {
    try {
      letters = await options.letters.list();
      trouble = undefined;
    } catch (error) {
      trouble = error instanceof Error ? error.message : "unknown";
    }
  }

  async function state(): Promise<string> {
    const { view, switches, traffic, panel } = options;
    return JSON.stringify({
      conversations: view.rows.map((row) => ({
        ...row,
        summary: options.summaryOf(row),
        panel: panel.addressOf(row.conversationId),
      })),
      counts: view.counts,
      switches: switches.state,
      perMinute: traffic.perMinute,
      worker: await options.worker().catch(() => undefined),
      letters,
      trouble,
    });
  }

  app.get("/events", (_, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    let told = "";
    let telling = false;
    const tell = async () => {
      if (telling) return;
      telling = true;
      const now = await state();
      if (now !== told && !raw.destroyed) raw.write(`data: ${now}\n\n`);
      told = now;
      telling = false;
    };
    const timers = [setInterval(tell, TELL_MS), setInterval(list, LIST_MS)];
    const end = () => {
      for (const timer of timers) clearInterval(timer);
    };
    raw.once("close", end);
    closing.addEventListener("abort", end, { once: true });
    void tell();
    void list();
  });
}

const breaking = z.strictObject({ what: z.enum(breakable), broken: z.boolean() });
const starting = z.strictObject({ count: z.int().min(1).max(500) });
const flowing = z.strictObject({ perMinute: z.int().min(0).max(600) });
const replaying = z.strictObject({ code: z.string().regex(/^[\w.-]{1,60}$/) });

function addControls(app: FastifyInstance, { switches, traffic, letters }: PageOptions): void {
  control(app, "/break", breaking, ({ what, broken }) => switches.set(what, broken));
  control(app, "/start", starting, ({ count }) => traffic.start(count));
  control(app, "/flow", flowing, ({ perMinute }) => traffic.flow(perMinute));
  control(app, "/replay", replaying, async ({ code }) => ({ said: await letters.replay(code) }));
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
