import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What an SQS in front of the real one answers; undefined where the real one does. */
export type Answer = (
  action: string,
  body: string,
) => { readonly status: number; readonly body: unknown } | undefined;

/** As SQS refuses what a role may not do. */
export const accessDenied = {
  status: 400,
  body: { __type: "com.amazon.coral.service#AccessDeniedException", message: "not authorised" },
};

/**
 * An SQS on this machine that answers some actions itself.
 * @param clockMs what its clock says; the machine's unless told.
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
    const passed = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
        connection: "close",
      },
      body,
    }).catch(() => undefined);
    // The queue behind it is closed first.
    if (passed === undefined) {
      response.destroy();
      return;
    }
    const error = passed.headers.get("x-amzn-query-error");
    response.writeHead(passed.status, {
      "content-type": "application/x-amz-json-1.0",
      ...(error === null ? {} : { "x-amzn-query-error": error }),
    });
    response.end(await passed.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
