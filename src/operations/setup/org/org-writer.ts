import { z } from "zod";
import type { PlatformApi } from "../../../genesys/platform-api.ts";
import type { GenesysSdk } from "../../../genesys/sdk.ts";
import type { RoleGrant } from "../plan/current-state.ts";
import type { PlannedPolicy } from "../plan/permissions.ts";
import type { ClientContent, CredentialContent, IntegrationContent } from "../plan/step.ts";

export interface RoleContent {
  readonly name: string;
  readonly description: string;
  readonly policies: readonly PlannedPolicy[];
}

type Client = Omit<ClientContent, "divisionId" | "otherRoles"> & {
  readonly roles: readonly RoleGrant[];
};

type Settings = Omit<IntegrationContent, "properties" | "credential"> & {
  readonly properties: Readonly<Record<string, unknown>>;
};

/** The port to an org, with an administrator's permissions. Every method throws a `Failure`. */
export interface OrgWriter {
  /** @returns the new id */
  createRole(role: RoleContent): Promise<string>;
  updateRole(id: string, role: RoleContent): Promise<void>;
  grant(userId: string, divisionId: string, roleId: string): Promise<void>;
  revoke(userId: string, divisionId: string, roleId: string): Promise<void>;
  /** Genesys Cloud returns the secret only here. */
  createClient(
    client: Client,
  ): Promise<{ readonly id: string; readonly secret?: string | undefined }>;
  updateClient(id: string, client: Client): Promise<void>;
  /** @returns the new secret; the old one stops working */
  renewSecret(id: string): Promise<string | undefined>;
  /** @returns the new id */
  createIntegration(type: string, name: string): Promise<string>;
  /** @returns the new id */
  createCredential(credential: CredentialContent): Promise<string>;
  /** @param version of the configuration that was read; undefined: read it now */
  configure(id: string, version: number | undefined, settings: Settings): Promise<void>;
  enable(id: string): Promise<void>;
}

const created = z.object({ id: z.string() });
const createdClient = created.extend({ secret: z.string().nullish() });
const version = z.object({ version: z.number() });
/** The answer is not used. */
const anything = z.unknown();

/** Writes through the Platform API, with an administrator's token. */
export function genesysOrgWriter(sdk: GenesysSdk, { ask }: PlatformApi): OrgWriter {
  return {
    async createRole(role) {
      const { id } = await ask("POST /api/v2/authorization/roles", created, () =>
        sdk.authorization.postAuthorizationRoles(roleBody(role)),
      );
      return id;
    },
    async updateRole(id, role) {
      await ask("PUT /api/v2/authorization/roles/{roleId}", anything, () =>
        sdk.authorization.putAuthorizationRole(id, roleBody(role)),
      );
    },
    async grant(userId, divisionId, roleId) {
      await ask(`POST ${GRANTS}`, anything, () =>
        sdk.authorization.postAuthorizationSubjectDivisionRole(userId, divisionId, roleId),
      );
    },
    async revoke(userId, divisionId, roleId) {
      await ask(`DELETE ${GRANTS}`, anything, () =>
        sdk.authorization.deleteAuthorizationSubjectDivisionRole(userId, divisionId, roleId),
      );
    },
    async createClient(client) {
      const { id, secret } = await ask("POST /api/v2/oauth/clients", createdClient, () =>
        sdk.oauth.postOauthClients(clientBody(client)),
      );
      return { id, secret: secret ?? undefined };
    },
    async updateClient(id, client) {
      await ask("PUT /api/v2/oauth/clients/{clientId}", anything, () =>
        sdk.oauth.putOauthClient(id, clientBody(client)),
      );
    },
    async renewSecret(id) {
      const { secret } = await ask(
        "POST /api/v2/oauth/clients/{clientId}/secret",
        createdClient,
        () => sdk.oauth.postOauthClientSecret(id),
      );
      return secret ?? undefined;
    },
    async createIntegration(type, name) {
      const { id } = await ask("POST /api/v2/integrations", created, () =>
        sdk.integrations.postIntegrations({ body: { name, integrationType: { id: type } } }),
      );
      return id;
    },
    async createCredential({ name, type, fields }) {
      const { id } = await ask("POST /api/v2/integrations/credentials", created, () =>
        sdk.integrations.postIntegrationsCredentials({
          body: { name, type: { name: type }, credentialFields: { ...fields } },
        }),
      );
      return id;
    },
    async configure(id, knownVersion, { credentials, ...settings }) {
      const current =
        knownVersion ??
        (
          await ask("GET /api/v2/integrations/{id}/config/current", version, () =>
            sdk.integrations.getIntegrationConfigCurrent(id),
          )
        ).version;
      await ask("PUT /api/v2/integrations/{id}/config/current", anything, () =>
        sdk.integrations.putIntegrationConfigCurrent(id, {
          body: {
            ...settings,
            version: current,
            credentials: Object.fromEntries(
              Object.entries(credentials).map(([key, one]) => [key, { id: one }]),
            ),
          },
        }),
      );
    },
    async enable(id) {
      await ask("PATCH /api/v2/integrations/{id}", anything, () =>
        sdk.integrations.patchIntegration(id, { body: { intendedState: "ENABLED" } }),
      );
    },
  };
}

const GRANTS = "/api/v2/authorization/subjects/{subjectId}/divisions/{divisionId}/roles/{roleId}";

function roleBody({ name, description, policies }: RoleContent) {
  return {
    name,
    description,
    permissionPolicies: policies.map((policy) => ({
      ...policy,
      actionSet: [...policy.actionSet],
    })),
  };
}

function clientBody(client: Client) {
  const { name, description, grantType, tokenLifeSeconds, roles, scopes, redirectUris } = client;
  return {
    ...{ name, description, authorizedGrantType: grantType, state: "active" },
    accessTokenValiditySeconds: tokenLifeSeconds,
    ...(grantType === "CLIENT-CREDENTIALS"
      ? { roleDivisions: roles.map((grant) => ({ ...grant })) }
      : { scope: [...scopes], registeredRedirectUri: [...redirectUris] }),
  };
}
