import { randomBytes, randomUUID } from "node:crypto";
import type { Models } from "purecloud-platform-client-v2";
import type { RegisteredClient } from "../server/client-credentials.ts";
import type { Grants } from "./grants.ts";
import { found } from "./reading.ts";

/** What whoever makes a client decides. */
export interface SimulatedClientContent {
  readonly name: string;
  readonly description: string;
  readonly authorizedGrantType: GrantType;
  readonly registeredRedirectUri: readonly string[];
  readonly scope: readonly string[];
  readonly accessTokenValiditySeconds: number;
  /** Only an active one gets tokens, and only an active one's are good. */
  readonly state: "active" | "disabled" | "inactive";
}

/** What a client is like where nobody has decided otherwise. */
export const PLAIN_CLIENT = {
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
  /** Who made it: a user or a client; undefined for those that were there from the start. */
  readonly madeBy: string | undefined;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly changedAt: number;
}

/** The OAuth clients of an org. */
export interface OAuthClients {
  readonly all: readonly OrgClient[];
  find(id: string): OrgClient | undefined;
  add(
    content: SimulatedClientContent,
    known: Partial<Pick<OrgClient, "id" | "secret" | "madeBy">>,
  ): OrgClient;
  /** @throws {Refusal} `not.found` */
  change(id: string, content: Partial<SimulatedClientContent>): OrgClient;
  /** A new secret; the old one is good for nothing at once. @throws {Refusal} `not.found` */
  renewSecret(id: string): OrgClient;
  /** As the token endpoint sees one that may ask for tokens. */
  asking(id: string): RegisteredClient | undefined;
}

export interface OAuthClientsOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Called when a client is no longer active. */
  readonly onStopped: (id: string) => void;
}

export function createOAuthClients({ now, onStopped }: OAuthClientsOptions): OAuthClients {
  const known = new Map<string, OrgClient>();

  function change(id: string, changes: Partial<OrgClient>): OrgClient {
    const client = { ...found(known.get(id)), ...changes, changedAt: now() };
    known.set(id, client);
    if (client.state !== "active") onStopped(id);
    return client;
  }

  return {
    get all() {
      return [...known.values()];
    },
    find: (id) => known.get(id),
    add(content, { id = randomUUID(), secret = newSecret(), madeBy }) {
      const at = now();
      const client = { ...content, id, secret, madeBy, madeAt: at, changedAt: at };
      known.set(id, client);
      return client;
    },
    change,
    renewSecret: (id) => change(id, { secret: newSecret() }),
    asking(id) {
      const client = known.get(id);
      if (client?.state !== "active") return undefined;
      const isOwnMaster = client.authorizedGrantType === "CLIENT-CREDENTIALS";
      const { secret } = client;
      return { id, secret, grantTypes: isOwnMaster ? ["client_credentials"] : [] };
    },
  };
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** As the API shows a client. Its secret is shown where it is made, and never again. */
export function describeClient(client: OrgClient, grants: Grants): Models.OAuthClient {
  const {
    id,
    secret: _,
    madeBy,
    madeAt,
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
    dateCreated: new Date(madeAt).toISOString(),
    dateModified: new Date(changedAt).toISOString(),
    ...(madeBy === undefined ? {} : { createdBy: { id: madeBy } }),
    selfUri: `/api/v2/oauth/clients/${id}`,
  };
}
