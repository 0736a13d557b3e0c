import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { judgeTokenRequest } from "../../../src/sandbox/simulators/server/client-credentials.ts";
import type { TrustedKey } from "../../../src/sandbox/simulators/server/signed-assertion.ts";
import { createSigningPair } from "../../support/certificate.ts";

const pair = createSigningPair();
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const AUDIENCE = "https://identity.oraclecloud.com/";
const AT = Date.parse("2026-01-05T12:00:00Z");
const SECONDS = AT / 1000;
const thumbprint = Buffer.from(pair.thumbprint.replaceAll(":", ""), "hex").toString("base64url");

interface Made {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: Parameters<ReturnType<typeof createSign>["sign"]>[0];
}

let jti = 0;
/** By hand: what a client of any kind could send. */
function make({ header, claims, key = pair.privateKey }: Made = {}): string {
  jti += 1;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: "RS256", typ: "JWT", kid: "alias", ...header });
  const usual = { iss: "id", sub: "id", aud: AUDIENCE, iat: SECONDS, exp: SECONDS + 60 };
  const body = part({ ...usual, jti: String(jti), ...claims });
  const signature = createSign("RSA-SHA256").update(`${head}.${body}`).sign(key, "base64url");
  return `${head}.${body}.${signature}`;
}

function endpoint() {
  const key: TrustedKey = {
    certificate: pair.certificate,
    alias: "alias",
    audience: AUDIENCE,
    users: ["integration.user"],
  };
  return (fields: Record<string, string>, authorization?: string) =>
    judgeTokenRequest(
      { authorization, form: new URLSearchParams(fields), at: AT },
      { id: "id", secret: "s3cret", key },
    );
}
const asked = (assertion: string) => ({
  grant_type: "client_credentials",
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  client_assertion: assertion,
});
const askedFor = (assertion: string) => ({
  grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  assertion,
});
const BASIC = `Basic ${Buffer.from("id:s3cret").toString("base64")}`;

describe("a client's assertion", () => {
  it.each<[string, Made]>([
    ["named by its alias", {}],
    ["named by its thumbprint", { header: { kid: undefined, x5t: thumbprint } }],
    ["named by both", { header: { x5t: thumbprint } }],
    ["dated back", { claims: { iat: SECONDS - 30 } }],
  ])("%s is taken", async (_, made) => {
    expect(await endpoint()(asked(make(made)))).toMatchObject({ granted: true });
  });

  it.each<[string, Made]>([
    ["signed by another key", { key: stranger.export({ type: "pkcs8", format: "pem" }) }],
    ["without a name", { header: { kid: undefined } }],
    ["of another name", { header: { kid: "other" } }],
    ["with a thumbprint as its alias", { header: { kid: thumbprint } }],
    ["with a right alias and a wrong thumbprint", { header: { x5t: "A".repeat(27) } }],
    ["of another algorithm", { header: { alg: "none" } }],
    ["of another type", { header: { typ: "at+jwt" } }],
    ["for another audience", { claims: { aud: AUDIENCE.slice(0, -1) } }],
    ["for several audiences", { claims: { aud: [AUDIENCE, "https://other.example.com"] } }],
    ["of another issuer", { claims: { iss: "other" } }],
    ["about another", { claims: { sub: "integration.user" } }],
    ["from the future", { claims: { iat: SECONDS + 1 } }],
    ["that has ended", { claims: { exp: SECONDS } }],
    ["that lives too long", { claims: { exp: SECONDS + 3601 } }],
    ["without an end", { claims: { exp: undefined } }],
    ["without a date", { claims: { iat: undefined } }],
    ["without an id of its own", { claims: { jti: undefined } }],
  ])("%s is refused", async (_, made) => {
    const verdict = await endpoint()(asked(make(made)));
    expect(verdict).toEqual({ granted: false, refusal: "wrong_secret" });
  });

  it("is good for one request", async () => {
    const judge = endpoint();
    const assertion = make();
    expect(await judge(asked(assertion))).toMatchObject({ granted: true });
    expect(await judge(asked(assertion))).toEqual({ granted: false, refusal: "wrong_secret" });
  });

  it("stands alone: no Basic beside it, and its type is named", async () => {
    const judge = endpoint();
    const invalid = { granted: false, refusal: "invalid_request" };
    expect(await judge(asked(make()), BASIC)).toEqual(invalid);
    expect(await judge({ ...asked(make()), client_assertion_type: "jwt" })).toEqual(invalid);
  });
});

describe("a user's assertion", () => {
  const user = () => make({ claims: { sub: "integration.user" } });

  it("is taken from a client that proves itself, by secret or by key", async () => {
    const judge = endpoint();
    expect(await judge(askedFor(user()), BASIC)).toMatchObject({ granted: true });
    expect(await judge({ ...asked(make()), ...askedFor(user()) })).toMatchObject({ granted: true });
  });

  it("is refused without that, for another user, or where it says who the client is too", async () => {
    const judge = endpoint();
    expect(await judge(askedFor(user()))).toMatchObject({ refusal: "no_client" });
    const other = make({ claims: { sub: "somebody.else" } });
    expect(await judge(askedFor(other), BASIC)).toMatchObject({ refusal: "invalid_grant" });
    const same = user();
    const both = { ...asked(same), ...askedFor(same) };
    expect(await judge(both)).toMatchObject({ granted: false });
  });
});
