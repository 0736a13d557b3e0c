import Fastify, { type FastifyInstance } from "fastify";

/** A server on 127.0.0.1. */
export interface LoopbackServer extends AsyncDisposable {
  /** Its origin, with the port. */
  readonly url: string;
  /** Stops listening and closes all connections, including those with a request in progress. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** A longer body is answered with 413. */
  readonly bodyLimitBytes: number;
}

/**
 * Starts a server on any free port of 127.0.0.1. It accepts JSON bodies only, unless a route adds a parser.
 * `build` adds the routes. `closing` is aborted when the server closes.
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
