import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Ask, CLIENT, startOrg } from "../../../support/genesys-org.ts";

const POLICIES = [
  { domain: "externalContacts", entityName: "contact", actionSet: ["view"] },
  { domain: "conversation", entityName: "communication", actionSet: ["view"] },
];
const ROLE = { name: "Ringahead", permissionPolicies: POLICIES };

/** An administrator with a new role, and requests to grant it and to create a client with it. */
async function startWithRole() {
  const started = await startOrg();
  const { ask, org, admin } = started;
  const { data: role } = await ask("POST", "/authorization/roles", ROLE);
  const roleDivisions = [{ roleId: role.id, divisionId: org.homeDivisionId }];
  const client = {
    name: "Ringahead",
    authorizedGrantType: "CLIENT-CREDENTIALS",
    roleDivisions,
  };
  const grant = `/authorization/subjects/${admin.id}/divisions/${org.homeDivisionId}/roles/${role.id}`;
  return { ...started, role, client, grant };
}

async function startWithClient() {
  const started = await startWithRole();
  await started.ask("POST", started.grant);
  const { data: created } = await started.ask("POST", "/oauth/clients", started.client);
  return { ...started, created };
}

describe("permissions", () => {
  it.each([
    ["GET", "/authorization/roles", "authorization:role:view"],
    ["POST", "/authorization/roles", "authorization:role:add"],
    ["PUT", "/authorization/roles/x", "authorization:role:edit"],
    ["GET", "/authorization/subjects/x", "authorization:grant:view"],
    ["POST", "/authorization/subjects/x/divisions/x/roles/x", "authorization:grant:add"],
    ["DELETE", "/authorization/subjects/x/divisions/x/roles/x", "authorization:grant:delete"],
    ["GET", "/oauth/clients", "oauth:client:view"],
    ["POST", "/oauth/clients", "oauth:client:add"],
    ["PUT", "/oauth/clients/x", "oauth:client:edit"],
    ["POST", "/oauth/clients/x/secret", "oauth:client:edit"],
    ["GET", "/integrations", "integrations:integration:view"],
    ["POST", "/integrations", "integrations:integration:add"],
    ["POST", "/integrations/credentials", "integrations:integration:add"],
    ["PUT", "/integrations/x/config/current", "integrations:integration:edit"],
    ["PATCH", "/integrations/x", "integrations:integration:edit"],
    ["GET", "/integrations/actions", "integrations:action:view"],
    ["POST", "/integrations/actions/drafts", "integrations:action:add"],
    ["POST", "/integrations/actions/x/draft/publish", "integrations:action:edit"],
    ["GET", "/conversations/x", "conversation:communication:view"],
    ["GET", "/externalcontacts/contacts/x", "externalContacts:contact:view"],
  ])("%s %s needs %s", async (method, path, permission) => {
    const { org, asking } = await startOrg();
    const [domain] = permission.split(":");
    const others = ["audits:audit:view", `${domain}:other:view`];
    const without = asking(org.addUser({ name: "Bob", permissions: others }).token);
    const refused = await without(method, path);
    expect([refused.status, refused.data.code]).toEqual([403, "missing.any.permissions"]);
    expect(refused.data.message).toBe(
      `Unable to perform the requested action. You must have at least one of the following permissions assigned: [${permission}]`,
    );
    const user = org.addUser({ name: "Eve", permissions: [permission] });
    expect((await asking(user.token)(method, path)).status).not.toBe(403);
  });

  it("are reported in the form of operations that require all permissions, if configured", async () => {
    const { org, asking } = await startOrg();
    org.setMissingForm("all");
    const refused = await asking(org.addUser({ name: "Bob", permissions: [] }).token)(
      "GET",
      "/oauth/clients",
    );
    expect(refused.data).toMatchObject({
      status: 403,
      code: "missing.permissions",
      message:
        "Unable to perform the requested action. You are missing the following permission(s): oauth:client:view",
    });
  });

  it("are not needed to write attributes and to read one's own identity", async () => {
    const { org, genesys, asking } = await startOrg();
    genesys.addConversation({ conversationId: "c", participantId: "p" });
    const ask = asking(org.addUser({ name: "Bob", permissions: [] }).token);
    const path = "/conversations/c/participants/p/attributes";
    expect((await ask("PATCH", path, { attributes: { a: "b" } })).status).toBe(202);
    for (const path of [
      "/authorization/subjects/me",
      "/authorization/divisions/home",
      "/authorization/permissions",
      "/notifications/availabletopics",
      "/users/me",
      "/organizations/me",
      "/tokens/me",
    ]) {
      expect([path, (await ask("GET", path)).status]).toEqual([path, 200]);
    }
  });

  it("of the initial client are all permissions, until they are replaced", async () => {
    const { org, asking, tokenOf } = await startOrg();
    const { data } = await tokenOf(CLIENT.clientId, CLIENT.clientSecret);
    const ask = asking(data.access_token);
    expect((await ask("GET", "/conversations/x")).status).toBe(404);
    expect((await ask("GET", "/users/me")).data).toMatchObject({
      status: 400,
      code: "bad.request",
    });
    org.setPermissions(CLIENT.clientId, ["externalContacts:contact:view"]);
    expect((await ask("GET", "/conversations/x")).status).toBe(403);
    expect((await ask("GET", "/externalcontacts/contacts/x")).status).toBe(404);
    const { grants } = (await ask("GET", "/authorization/subjects/me")).data;
    expect(grants).toMatchObject([
      {
        division: { homeDivision: true },
        role: {
          policies: [{ domain: "externalContacts", entityName: "contact", actions: ["view"] }],
        },
      },
    ]);
  });

  it("are listed in pages", async () => {
    const { ask } = await startOrg();
    const domains: string[] = [];
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { data } = await ask("GET", `/authorization/permissions?pageSize=4&pageNumber=${page}`);
      pages = data.pageCount;
      domains.push(...data.entities.map(({ domain }: { domain: string }) => domain));
    }
    expect(domains).toHaveLength(9);
    expect(domains).toContain("externalContacts");
  });
});

describe("roles", () => {
  it("are created, found by name, changed, and hold sets of permissions", async () => {
    const { ask } = await startOrg();
    const { data: role } = await ask("POST", "/authorization/roles", ROLE);
    expect(role).toMatchObject({
      name: "Ringahead",
      permissionPolicies: [{ domain: "conversation" }, { domain: "externalContacts" }],
    });
    const found = await ask("GET", "/authorization/roles?name=ringa&pageSize=1");
    expect(found.data).toMatchObject({ total: 1, entities: [role] });
    const everything = [{ domain: "routing", entityName: "*", actionSet: ["view", "*"] }];
    const changed = { name: "Ringahead", description: "Less", permissionPolicies: everything };
    await ask("PUT", `/authorization/roles/${role.id}`, changed);
    expect((await ask("GET", `/authorization/roles/${role.id}`)).data).toMatchObject({
      description: "Less",
      permissionPolicies: [{ domain: "routing", entityName: "*", actionSet: ["*", "view"] }],
    });
  });

  it.each([
    ["a name in use", 409, { ...ROLE, name: "master admin" }],
    ["no name", 400, { permissionPolicies: POLICIES }],
    ["an unknown field", 400, { ...ROLE, colour: "red" }],
    ["an unknown domain", 400, policy("oracle", "contact", "view")],
    ["an unknown entity", 400, policy("routing", "contact", "view")],
    ["an unknown action", 400, policy("routing", "queue", "dance")],
    ["no action", 400, { name: "R", permissionPolicies: [{ ...POLICIES[0], actionSet: [] }] }],
  ])("are refused for %s", async (_, status, body) => {
    const { ask } = await startOrg();
    expect((await ask("POST", "/authorization/roles", body)).status).toBe(status);
  });

  it("are refused if the role is unknown", async () => {
    const { ask } = await startOrg();
    expect((await ask("PUT", "/authorization/roles/other", ROLE)).status).toBe(404);
    const path = "/authorization/subjects/me/divisions/other/roles/other";
    expect((await ask("POST", path)).status).toBe(404);
  });
});

function policy(domain: string, entityName: string, action: string) {
  return { name: "R", permissionPolicies: [{ domain, entityName, actionSet: [action] }] };
}

describe("OAuth clients", () => {
  it("get a role only from a caller that has it, and keep it", async () => {
    const { ask, client, grant, org } = await startWithRole();
    const refused = await ask("POST", "/oauth/clients", client);
    expect([refused.status, refused.data.code]).toEqual([403, "not.authorized"]);
    expect((await ask("POST", `${grant}?subjectType=PC_OAUTH_CLIENT`)).status).toBe(404);
    expect((await ask("POST", grant)).status).toBe(204);
    const created = await ask("POST", "/oauth/clients", client);
    expect(created.data).toMatchObject({ state: "active", roleDivisions: client.roleDivisions });
    expect((await ask("DELETE", grant)).status).toBe(204);
    expect((await ask("DELETE", grant)).status).toBe(404);
    expect((await ask("PUT", `/oauth/clients/${created.data.id}`, client)).status).toBe(403);
    expect(org.grants.filter(({ subjectId }) => subjectId === created.data.id)).toHaveLength(1);
  });

  it("get a role for all divisions only from a caller that has it for all", async () => {
    const { ask, client, grant, org } = await startWithRole();
    await ask("POST", grant);
    const everywhere = client.roleDivisions.map(({ roleId }) => ({ roleId, divisionId: "*" }));
    const wide = { ...client, roleDivisions: everywhere };
    expect((await ask("POST", "/oauth/clients", wide)).status).toBe(403);
    await ask("POST", grant.replace(org.homeDivisionId, "*"));
    expect((await ask("POST", "/oauth/clients", wide)).status).toBe(200);
  });

  it("are refused until a grant has settled", async () => {
    const { ask, client, grant, org } = await startWithRole();
    org.grantsSettleAfter(2);
    await ask("POST", grant);
    const statuses = [];
    for (let time = 0; time < 3; time += 1) {
      statuses.push((await ask("POST", "/oauth/clients", client)).status);
    }
    expect(statuses).toEqual([403, 403, 200]);
  });

  it("show a secret only when it is created", async () => {
    const { ask, created, client, org, tokenOf } = await startWithClient();
    const path = `/oauth/clients/${created.id}`;
    expect(org.secretOf(created.id)).toBe(created.secret);
    const renamed = await ask("PUT", path, { ...client, name: "Renamed" });
    expect(renamed.data.name).toBe("Renamed");
    const read = await ask("GET", path);
    const { data: listed } = await ask("GET", "/oauth/clients");
    for (const text of [renamed.data, read.data, listed, org.clients]) {
      expect(JSON.stringify(text)).not.toContain(created.secret);
      expect(JSON.stringify(text)).not.toContain(CLIENT.clientSecret);
    }
    expect((await tokenOf(created.id, created.secret)).status).toBe(200);
    const { data: renewed } = await ask("POST", `${path}/secret`);
    expect(renewed.secret).not.toBe(created.secret);
    expect((await tokenOf(created.id, created.secret)).status).toBe(401);
    expect((await tokenOf(created.id, renewed.secret)).status).toBe(200);
  });

  it("act in their own name, with the permissions of their role", async () => {
    const { created, asking, tokenOf, role } = await startWithClient();
    const { data } = await tokenOf(created.id, created.secret);
    const ask = asking(data.access_token);
    expect((await ask("GET", "/conversations/x")).status).toBe(404);
    expect((await ask("GET", "/authorization/roles")).status).toBe(403);
    expect((await ask("GET", "/tokens/me")).data).toMatchObject({
      organization: { name: "Ringahead sandbox" },
      OAuthClient: { id: created.id, authorizedGrantType: "CLIENT-CREDENTIALS" },
    });
    expect((await ask("GET", "/authorization/subjects/me")).data).toMatchObject({
      id: created.id,
      grants: [{ role: { id: role.id, name: "Ringahead" } }],
    });
  });

  it("that are suspended get no token, and their tokens are refused", async () => {
    const { created, ask, asking, tokenOf, org } = await startWithClient();
    const { data } = await tokenOf(created.id, created.secret);
    org.suspendClient(created.id);
    const refused = await asking(data.access_token)("GET", "/tokens/me");
    expect([refused.status, refused.data.code]).toEqual([401, "bad.credentials"]);
    expect((await tokenOf(created.id, created.secret)).data.error).toBe("invalid_client");
    expect((await ask("GET", `/oauth/clients/${created.id}`)).data.state).toBe("inactive");
    expect((await ask("GET", "/organizations/me")).status).toBe(200);
  });

  it.each([
    ["no role", { roleDivisions: [] }],
    ["an unknown role", { roleDivisions: [{ roleId: "other", divisionId: "*" }] }],
    ["an unknown grant type", { authorizedGrantType: "MAGIC" }],
    ["codes without a scope", { authorizedGrantType: "CODE", registeredRedirectUri: ["http://x"] }],
    ["codes without a redirect URI", { authorizedGrantType: "CODE", scope: ["oauth"] }],
    ["tokens that live for a minute", { accessTokenValiditySeconds: 60 }],
    ["an unknown field", { colour: "red" }],
  ])("are refused with %s", async (_, wrong) => {
    const { ask, client, grant } = await startWithRole();
    await ask("POST", grant);
    const refused = await ask("POST", "/oauth/clients", { ...client, ...wrong });
    expect([refused.status, refused.data.code]).toEqual([400, "invalid.value"]);
  });
});

describe("a user's login", () => {
  const REDIRECT = "http://127.0.0.1:8123/";
  const VERIFIER = "v".repeat(43);
  const CODE_CLIENT = {
    name: "Setup",
    authorizedGrantType: "CODE",
    registeredRedirectUri: [REDIRECT],
    scope: ["authorization", "oauth"],
  };

  async function start() {
    const started = await startOrg();
    const { data: client } = await started.ask("POST", "/oauth/clients", CODE_CLIENT);
    const authorize = (clientId: string, redirectUri: string) =>
      started.http.get("/oauth/authorize", {
        params: {
          client_id: clientId,
          response_type: "code",
          redirect_uri: redirectUri,
          state: "s",
          code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
          code_challenge_method: "S256",
        },
      });
    const redeem = (clientId: string, code: string) =>
      started.http.post(
        "/oauth/token",
        new URLSearchParams({
          grant_type: "authorization_code",
          code,
          redirect_uri: REDIRECT,
          client_id: clientId,
          code_verifier: VERIFIER,
        }),
      );
    return { ...started, client, authorize, redeem };
  }

  const codeOf = (location: unknown) => new URL(String(location)).searchParams.get("code") ?? "";

  it("issues a token for the signed-in user, to any client that accepts codes", async () => {
    const { admin, org, client, authorize, redeem, asking } = await start();
    const whoIs = async (ask: Ask) => (await ask("GET", "/users/me")).data.name;
    const agent = codeOf((await authorize(client.id, REDIRECT)).headers.location);
    org.signIn(admin.id);
    const code = codeOf((await authorize(client.id, REDIRECT)).headers.location);
    const { data } = await redeem(client.id, code);
    expect(await whoIs(asking(data.access_token))).toBe("Ada Admin");
    expect((await asking(data.access_token)("GET", "/authorization/roles")).status).toBe(200);
    expect((await redeem(client.id, code)).status).toBe(400);
    const other = await redeem(client.id, agent);
    expect(await whoIs(asking(other.data.access_token))).toBe("Grace Agent");
    expect((await asking(other.data.access_token)("GET", "/authorization/roles")).status).toBe(403);
  });

  it("accepts the page, but no other redirect URI or type of client", async () => {
    const { genesys, client, authorize, tokenOf, org } = await start();
    const page = genesys.allowPage(REDIRECT);
    expect((await authorize(page, REDIRECT)).status).toBe(302);
    expect((await authorize(client.id, "http://127.0.0.1:9/")).status).toBe(400);
    expect((await authorize(CLIENT.clientId, REDIRECT)).status).toBe(400);
    const refused = await tokenOf(client.id, org.secretOf(client.id));
    expect(refused.data.error).toBe("unauthorized_client");
  });

  it("is refused if the client is suspended", async () => {
    const { client, authorize, redeem, asking, org } = await start();
    const first = codeOf((await authorize(client.id, REDIRECT)).headers.location);
    const second = codeOf((await authorize(client.id, REDIRECT)).headers.location);
    const { data } = await redeem(client.id, first);
    org.suspendClient(client.id);
    expect((await asking(data.access_token)("GET", "/users/me")).status).toBe(401);
    expect((await redeem(client.id, second)).data.error).toBe("invalid_grant");
    expect((await authorize(client.id, REDIRECT)).status).toBe(400);
  });
});
