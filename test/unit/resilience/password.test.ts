import { describe, expect, it } from "vitest";
import { Priority } from "../../../src/domain/call.ts";
import { withPassword } from "../../../src/resilience/sign-in/password.ts";
import type { Secret } from "../../../src/resilience/sign-in/secret.ts";

const call = { signal: new AbortController().signal, priority: Priority.spare };
const request = { method: "GET", path: "/x?query=secret" } as const;

/** A password that was `old`, and is `now` where it is kept. */
function kept(now: string): Secret {
  let value = "old";
  return {
    variable: "ORACLE_PASSWORD",
    current: () => value,
    renewed(refused) {
      value = now;
      return Promise.resolve(value === refused ? { changed: false } : { changed: true, value });
    },
  };
}

function open(right: string, password: Secret) {
  const sent: string[] = [];
  const changed: string[] = [];
  const send = withPassword(
    (one) => {
      const encoded = one.headers?.authorization?.replace("Basic ", "") ?? "";
      const login = Buffer.from(encoded, "base64").toString();
      sent.push(login);
      const status = login === `user:${right}` ? 200 : 401;
      return Promise.resolve({ status, headers: {}, text: "" });
    },
    {
      source: "oracle",
      login: { username: "user", password },
      onChanged: (variable) => changed.push(variable),
    },
  );
  return { sent, changed, send: () => send(request, call) };
}

describe("a user's password", () => {
  it("that was rotated is tried once, and kept", async () => {
    const { send, sent, changed } = open("new", kept("new"));
    expect(await send()).toMatchObject({ status: 200 });
    await send();
    expect(sent).toEqual(["user:old", "user:new", "user:new"]);
    expect(changed).toEqual(["ORACLE_PASSWORD"]);
  });

  it("that was not is asked with once", async () => {
    const { send, sent } = open("right", kept("old"));
    await expect(send()).rejects.toMatchObject({ kind: "misconfigured", code: "unauthorized" });
    expect(sent).toEqual(["user:old"]);
  });

  it("that is wrong before and after is told, with neither password nor query", async () => {
    const { send, sent } = open("right", kept("new"));
    const failure = await send().catch(String);
    expect(failure).toContain("GET /x answered 401 to name and password");
    expect(failure).not.toMatch(/old|new|query/);
    expect(sent).toEqual(["user:old", "user:new"]);
  });
});
