import { describe, expect, it } from "vitest";
import { Priority } from "../../../src/domain/call.ts";
import { withPassword } from "../../../src/resilience/sign-in/password.ts";
import type { Secret } from "../../../src/resilience/sign-in/secret.ts";

const call = { signal: new AbortController().signal, priority: Priority.spare };
const request = { method: "GET", path: "/x?query=secret" } as const;

/** A password that was read as `old` and is stored as `stored` now. */
function passwordStoredAs(stored: string): Secret {
  let value = "old";
  return {
    variable: "ORACLE_PASSWORD",
    current: () => value,
    renewed(refused) {
      value = stored;
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
  it("that was rotated is tried once, and used from then on", async () => {
    const { send, sent, changed } = open("new", passwordStoredAs("new"));
    expect(await send()).toMatchObject({ status: 200 });
    await send();
    expect(sent).toEqual(["user:old", "user:new", "user:new"]);
    expect(changed).toEqual(["ORACLE_PASSWORD"]);
  });

  it("that was not rotated is sent once", async () => {
    const { send, sent } = open("right", passwordStoredAs("old"));
    await expect(send()).rejects.toMatchObject({ kind: "misconfigured", code: "unauthorized" });
    expect(sent).toEqual(["user:old"]);
  });

  it("that is wrong before and after fails with neither password nor query in the message", async () => {
    const { send, sent } = open("right", passwordStoredAs("new"));
    const failure = await send().catch(String);
    expect(failure).toContain("GET /x answered 401 to name and password");
    expect(failure).not.toMatch(/old|new|query/);
    expect(sent).toEqual(["user:old", "user:new"]);
  });
});
