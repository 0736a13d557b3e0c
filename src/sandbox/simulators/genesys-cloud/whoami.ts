import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import type { CallerOf } from "./caller.ts";
import { GenesysRefusal } from "./error-body.ts";
import type { Grants } from "./grants.ts";
import { describeClient, type OAuthClients } from "./oauth-clients.ts";
import { found } from "./reading.ts";
import type { Subjects } from "./subjects.ts";
import type { Users } from "./users.ts";

export interface WhoAmIDeps {
  readonly organization: Organization;
  readonly homeDivision: Models.AuthzDivision & { readonly id: string };
  readonly users: Users;
  readonly clients: OAuthClients;
  readonly grants: Grants;
  readonly subjects: Subjects;
  readonly callerOf: CallerOf;
}

/** An org by id and name. */
export interface Organization {
  readonly id: string;
  readonly name: string;
}

/** The default org. */
export const SANDBOX_ORGANIZATION: Organization = {
  id: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
  name: "Ringahead sandbox",
};

/** Adds the operations about the caller. They need no permission. */
export function addWhoAmI(api: FastifyInstance, deps: WhoAmIDeps): void {
  const { organization, homeDivision, users, clients, grants, subjects, callerOf } = deps;

  api.get("/api/v2/authorization/subjects/me", (request, reply) => {
    reply.send(found(subjects.describe(callerOf(request).subjectId)));
  });

  api.get("/api/v2/organizations/me", (_, reply) => {
    reply.send({
      ...organization,
      domain: "example",
      defaultLanguage: "en-US",
      defaultCountryCode: "US",
      state: "active",
      version: 1,
      productPlatform: "PureCloud",
      selfUri: `/api/v2/organizations/${organization.id}`,
    } satisfies Models.Organization);
  });

  api.get("/api/v2/users/me", (request, reply) => {
    const { userId } = callerOf(request);
    if (userId === undefined) {
      // [unverified] The status is known, the message is not.
      const message = "This request requires a user context. Client credentials have none.";
      throw new GenesysRefusal("bad.request", { message });
    }
    const { id, name, email } = found(users.find(userId));
    const { name: division = "" } = homeDivision;
    reply.send({
      id,
      name,
      division: { id: homeDivision.id, name: division },
      email,
      username: email,
      state: "active",
      version: 1,
      selfUri: `/api/v2/users/${id}`,
    } satisfies Models.User);
  });

  api.get("/api/v2/tokens/me", (request, reply) => {
    const client = clients.find(callerOf(request).clientId);
    const scope = client === undefined ? [] : [...client.scope];
    reply.send({
      organization,
      homeOrganization: organization,
      authorizedScope: scope,
      ...(client === undefined
        ? {}
        : { OAuthClient: { ...describeClient(client, grants), organization } }),
    } satisfies Models.TokenInfo);
  });
}
