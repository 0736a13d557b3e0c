import { randomBytes, randomUUID } from "node:crypto";
import type { Models } from "purecloud-platform-client-v2";
import type { RegisteredClient } from "../server/client-credentials.ts";
import type { Grants } from "./grants.ts";
import { found } from "./reading.ts";

/** The editable fields of a client. */
export interface SimulatedClientContent {
  readonly name: string;
  readonly description: string;
  readonly authorizedGrantType: GrantType;
  readonly registeredRedirectUri: readonly string[];
  readonly scope: readonly string[];
  readonly accessTokenValiditySeconds: number;
  /** Only an active client gets tokens, and only its tokens are valid. */
  readonly state: "active" | "disabled" | "inactive";
}

/** Default fields of a client. */
export const DEFAULT_CLIENT = {
  description: "",
  registeredRedirectUri: [],
  scope: [],
  accessTokenValiditySeconds: 86_400,
  state: "active",
} as const;

export const GRANT_TYPES = [
  "CODE",
  "TOKEN",
  "SAML2-BEARER",
  "PASSWORD",
  "CLIENT-CREDENTIALS",
] as const;
type GrantType = (typeof GRANT_TYPES)[number];

export interface OrgClient extends SimulatedClientContent {
  readonly id: string;
  readonly secret: string;
  /** Id of a user or client. Undefined for the initial clients. */
  readonly createdBy: string | undefined;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** The OAuth clients of an org. */
export interface OAuthClients {
  readonly all: readonly OrgClient[];
  find(id: string): OrgClient | undefined;
  add(
    content: SimulatedClientContent,
    known: Partial<Pick<OrgClient, "id" | "secret" | "createdBy">>,
  ): OrgClient;
  /** @throws {GenesysRefusal} `not.found` */
  change(id: string, content: Partial<SimulatedClientContent>): OrgClient;
  /** Replaces the secret. The old one is invalid at once. @throws {GenesysRefusal} `not.found` */
  renewSecret(id: string): OrgClient;
  /** The client for the token endpoint. Undefined if it is not active. */
  registered(id: string): RegisteredClient | undefined;
}

export interface OAuthClientsOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Called if a client is no longer active. */
  readonly onDeactivated: (id: string) => void;
}

export function createOAuthClients({ now, onDeactivated }: OAuthClientsOptions): OAuthClients {
  const known = new Map<string, OrgClient>();

  function change(id: string, changes: Partial<OrgClient>): OrgClient {
    const client = { ...found(known.get(id)), ...changes, changedAt: now() };
    known.set(id, client);
    if (client.state !== "active") onDeactivated(id);
    return client;
  }

  return {
    get all() {
      return [...known.values()];
    },
    find: (id) => known.get(id),
    add(content, { id = randomUUID(), secret = newSecret(), createdBy }) {
      const at = now();
      const client = { ...content, id, secret, createdBy, createdAt: at, changedAt: at };
      known.set(id, client);
      return client;
    },
    change,
    renewSecret: (id) => change(id, { secret: newSecret() }),
    registered(id) {
      const client = known.get(id);
      if (client?.state !== "active") return undefined;
      const hasCredentials = client.authorizedGrantType === "CLIENT-CREDENTIALS";
      const { secret } = client;
      return { id, secret, grantTypes: hasCredentials ? ["client_credentials"] : [] };
    },
  };
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** A client in the form of the API, without its secret. */
export function describeClient(client: OrgClient, grants: Grants): Models.OAuthClient {
  const {
    id,
    secret: _,
    createdBy,
    createdAt,
    changedAt,
    registeredRedirectUri,
    scope,
    ...rest
  } = client;
  return {
    ...rest,
    id,
    registeredRedirectUri: [...registeredRedirectUri],
    scope: [...scope],
    roleDivisions: grants.of(id).map(({ roleId, divisionId }) => ({ roleId, divisionId })),
    dateCreated: new Date(createdAt).toISOString(),
    dateModified: new Date(changedAt).toISOString(),
    ...(createdBy === undefined ? {} : { createdBy: { id: createdBy } }),
    selfUri: `/api/v2/oauth/clients/${id}`,
  };
}
