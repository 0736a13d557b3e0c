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

/** The port to what an administrator may change. Every method throws a `Failure`. */
export interface OrgWriter {
  /** @returns its id */
  createRole(role: RoleContent): Promise<string>;
  updateRole(id: string, role: RoleContent): Promise<void>;
  grant(userId: string, divisionId: string, roleId: string): Promise<void>;
  takeBack(userId: string, divisionId: string, roleId: string): Promise<void>;
  /** The secret is told this once. */
  createClient(
    client: Client,
  ): Promise<{ readonly id: string; readonly secret?: string | undefined }>;
  updateClient(id: string, client: Client): Promise<void>;
  /** @returns the new secret; the one before stops working */
  renewSecret(id: string): Promise<string | undefined>;
  /** @returns its id */
  createIntegration(type: string, name: string): Promise<string>;
  /** @returns its id */
  createCredential(credential: CredentialContent): Promise<string>;
  /** @param version the one that was read; undefined reads it now */
  configure(id: string, version: number | undefined, settings: Settings): Promise<void>;
  enable(id: string): Promise<void>;
}

const made = z.object({ id: z.string() });
const madeClient = made.extend({ secret: z.string().nullish() });
const version = z.object({ version: z.number() });
/** What is answered does not matter. */
const anything = z.unknown();

/** The Platform API, with an administrator's token. */
export function genesysChanges(sdk: GenesysSdk, { ask }: PlatformApi): OrgWriter {
  return {
    async createRole(role) {
      const { id } = await ask("POST /api/v2/authorization/roles", made, () =>
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
    async takeBack(userId, divisionId, roleId) {
      await ask(`DELETE ${GRANTS}`, anything, () =>
        sdk.authorization.deleteAuthorizationSubjectDivisionRole(userId, divisionId, roleId),
      );
    },
    async createClient(client) {
      const { id, secret } = await ask("POST /api/v2/oauth/clients", madeClient, () =>
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
      const { secret } = await ask("POST /api/v2/oauth/clients/{clientId}/secret", madeClient, () =>
        sdk.oauth.postOauthClientSecret(id),
      );
      return secret ?? undefined;
    },
    async createIntegration(type, name) {
      const { id } = await ask("POST /api/v2/integrations", made, () =>
        sdk.integrations.postIntegrations({ body: { name, integrationType: { id: type } } }),
      );
      return id;
    },
    async createCredential({ name, type, fields }) {
      const { id } = await ask("POST /api/v2/integrations/credentials", made, () =>
        sdk.integrations.postIntegrationsCredentials({
          body: { name, type: { name: type }, credentialFields: { ...fields } },
        }),
      );
      return id;
    },
    async configure(id, read, { credentials, ...settings }) {
      const current =
        read ??
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
