import Fastify, { type FastifyInstance } from "fastify";

/** A simulator that listens on this machine only. */
export interface LoopbackServer extends AsyncDisposable {
  /** Its origin, with the port that it got. */
  readonly url: string;
  /** Breaks every connection, whatever is under way on it, and stops listening. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** The longest body that is read; a longer one is answered 413. */
  readonly bodyLimitBytes: number;
}

/**
 * Starts a server on 127.0.0.1 that reads JSON bodies only, until a route says otherwise.
 * `build` adds the routes; `closing` is aborted when the server closes.
 */
export async function startLoopback(
  options: LoopbackOptions,
  build: (app: FastifyInstance, closing: AbortSignal) => void,
): Promise<LoopbackServer> {
  const closing = new AbortController();
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  });
  app.removeContentTypeParser("text/plain");
  build(app, closing.signal);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });

  async function close(): Promise<void> {
    closing.abort();
    await app.close();
  }
  return { url, close, [Symbol.asyncDispose]: close };
}
