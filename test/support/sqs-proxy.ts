import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** The proxy's own answer to an action. Undefined if the action is passed on. */
export type Answer = (
  action: string,
  body: string,
) => { readonly status: number; readonly body: unknown } | undefined;

/** The refusal of SQS if a role lacks a permission. */
export const accessDenied = {
  status: 400,
  body: { __type: "com.amazon.coral.service#AccessDeniedException", message: "not authorised" },
};

/**
 * Starts a proxy of an SQS that answers some actions itself.
 * @param clockMs its clock, epoch ms. Default: the machine's.
 * @returns its endpoint
 */
export async function startSqsProxy(
  endpoint: string,
  answer: Answer,
  clockMs: () => number = Date.now,
): Promise<string> {
  const server = createServer(async (request, response) => {
    response.setHeader("date", new Date(clockMs()).toUTCString());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const target = String(request.headers["x-amz-target"]);
    const own = answer(target.replace("AmazonSQS.", ""), body);
    if (own !== undefined) {
      response.writeHead(own.status, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(own.body));
      return;
    }
    const forwarded = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
        connection: "close",
      },
      body,
    }).catch(() => undefined);
    // The SQS behind the proxy is closed first.
    if (forwarded === undefined) {
      response.destroy();
      return;
    }
    const error = forwarded.headers.get("x-amzn-query-error");
    response.writeHead(forwarded.status, {
      "content-type": "application/x-amz-json-1.0",
      ...(error === null ? {} : { "x-amzn-query-error": error }),
    });
    response.end(await forwarded.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
