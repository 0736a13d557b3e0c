import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { judgeTokenRequest } from "../../../../src/sandbox/simulators/server/client-credentials.ts";
import type { TrustedKey } from "../../../../src/sandbox/simulators/server/signed-assertion.ts";
import { createSigningPair } from "../../../support/certificate.ts";

const pair = createSigningPair();
const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const AUDIENCE = "https://identity.oraclecloud.com/";
const AT = Date.parse("2026-01-05T12:00:00Z");
const SECONDS = AT / 1000;
const thumbprint = Buffer.from(pair.thumbprint.replaceAll(":", ""), "hex").toString("base64url");

interface AssertionParts {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: Parameters<ReturnType<typeof createSign>["sign"]>[0];
}

let jti = 0;
/** An assertion with any header and claims, created without the product's code. */
function assertionOf({ header, claims, key = pair.privateKey }: AssertionParts = {}): string {
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
const clientForm = (assertion: string) => ({
  grant_type: "client_credentials",
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  client_assertion: assertion,
});
const userForm = (assertion: string) => ({
  grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
  assertion,
});
const BASIC = `Basic ${Buffer.from("id:s3cret").toString("base64")}`;

describe("a client's assertion", () => {
  it.each<[string, AssertionParts]>([
    ["named by alias", {}],
    ["named by thumbprint", { header: { kid: undefined, x5t: thumbprint } }],
    ["named by both", { header: { x5t: thumbprint } }],
    ["issued in the past", { claims: { iat: SECONDS - 30 } }],
  ])("%s is accepted", async (_, parts) => {
    expect(await endpoint()(clientForm(assertionOf(parts)))).toMatchObject({ granted: true });
  });

  it.each<[string, AssertionParts]>([
    ["signed by another key", { key: otherKey.export({ type: "pkcs8", format: "pem" }) }],
    ["without a name", { header: { kid: undefined } }],
    ["of another name", { header: { kid: "other" } }],
    ["with a thumbprint as its alias", { header: { kid: thumbprint } }],
    ["with a right alias and a wrong thumbprint", { header: { x5t: "A".repeat(27) } }],
    ["of another algorithm", { header: { alg: "none" } }],
    ["of another type", { header: { typ: "at+jwt" } }],
    ["for another audience", { claims: { aud: AUDIENCE.slice(0, -1) } }],
    ["for several audiences", { claims: { aud: [AUDIENCE, "https://other.example.com"] } }],
    ["of another issuer", { claims: { iss: "other" } }],
    ["for another subject", { claims: { sub: "integration.user" } }],
    ["from the future", { claims: { iat: SECONDS + 1 } }],
    ["that has expired", { claims: { exp: SECONDS } }],
    ["with a lifetime that is too long", { claims: { exp: SECONDS + 3601 } }],
    ["without an expiry", { claims: { exp: undefined } }],
    ["without a time of issue", { claims: { iat: undefined } }],
    ["without an id", { claims: { jti: undefined } }],
  ])("%s is refused", async (_, parts) => {
    const verdict = await endpoint()(clientForm(assertionOf(parts)));
    expect(verdict).toEqual({ granted: false, refusal: "wrong_secret" });
  });

  it("is valid for one request", async () => {
    const judge = endpoint();
    const assertion = assertionOf();
    expect(await judge(clientForm(assertion))).toMatchObject({ granted: true });
    expect(await judge(clientForm(assertion))).toEqual({ granted: false, refusal: "wrong_secret" });
  });

  it("must come without Basic and with its type", async () => {
    const judge = endpoint();
    const invalid = { granted: false, refusal: "invalid_request" };
    expect(await judge(clientForm(assertionOf()), BASIC)).toEqual(invalid);
    expect(await judge({ ...clientForm(assertionOf()), client_assertion_type: "jwt" })).toEqual(
      invalid,
    );
  });
});

describe("a user's assertion", () => {
  const user = () => assertionOf({ claims: { sub: "integration.user" } });

  it("is accepted from a client that authenticates, by secret or by key", async () => {
    const judge = endpoint();
    expect(await judge(userForm(user()), BASIC)).toMatchObject({ granted: true });
    expect(await judge({ ...clientForm(assertionOf()), ...userForm(user()) })).toMatchObject({
      granted: true,
    });
  });

  it("is refused without client authentication, for another user, or as client assertion too", async () => {
    const judge = endpoint();
    expect(await judge(userForm(user()))).toMatchObject({ refusal: "no_client" });
    const other = assertionOf({ claims: { sub: "somebody.else" } });
    expect(await judge(userForm(other), BASIC)).toMatchObject({ refusal: "invalid_grant" });
    const same = user();
    const both = { ...clientForm(same), ...userForm(same) };
    expect(await judge(both)).toMatchObject({ granted: false });
  });
});
