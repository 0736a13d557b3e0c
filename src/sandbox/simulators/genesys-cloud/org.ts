import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { IssuedTokens } from "../server/issued-tokens.ts";
import { type Actions, addActionOperations, createActions } from "./actions.ts";
import { callersOf } from "./caller.ts";
import { addCredentialOperations, type OrgCredential } from "./credentials.ts";
import { createGrants, type Grants } from "./grants.ts";
import { addIntegrationOperations } from "./integration-operations.ts";
import {
  addIntegrationTypeOperations,
  createIntegrationTypes,
  type IntegrationTypes,
} from "./integration-types.ts";
import {
  createIntegrations,
  type EventBridgeProperties,
  type Integrations,
} from "./integrations.ts";
import { addOAuthClientOperations } from "./oauth-client-operations.ts";
import { createOAuthClients, DEFAULT_CLIENT, type OAuthClients } from "./oauth-clients.ts";
import type { MissingForm } from "./operation-permissions.ts";
import { ALL_PERMISSIONS, rolePolicies } from "./permissions.ts";
import { acceptEmptyBodies } from "./reading.ts";
import { addRoleOperations, createRoles, type OrgRole, type Roles } from "./roles.ts";
import { addSubjectOperations } from "./subjects.ts";
import { addTopicOperations, createTopics, type Topics } from "./topics.ts";
import { createUsers, type Users } from "./users.ts";
import { addWhoAmI, type Organization } from "./whoami.ts";

export interface SimulatedOrgOptions {
  readonly organization: Organization;
  /** The initial client, with all permissions. */
  readonly client: { readonly id: string; readonly secret: string };
  readonly tokens: IssuedTokens;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onEventSource: (name: string, config: EventBridgeProperties) => void;
}

/** An org, as an administrator sees it. */
export interface Org {
  readonly organization: Organization;
  readonly homeDivision: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly homeDivision: true;
  };
  readonly roles: Roles;
  /** The role with all permissions. */
  readonly masterAdmin: OrgRole;
  readonly grants: Grants;
  readonly users: Users;
  readonly clients: OAuthClients;
  readonly topics: Topics;
  readonly types: IntegrationTypes;
  readonly integrations: Integrations;
  readonly credentials: Map<string, OrgCredential>;
  readonly actions: Actions;
  readonly tokens: IssuedTokens;
  readonly errors: { missingForm: MissingForm };
}

/** A new org with a role for administrators, one client with that role, and one agent. */
export function createOrg(options: SimulatedOrgOptions): Org {
  const { organization, tokens, now, onEventSource } = options;
  const homeDivision = {
    id: randomUUID(),
    name: "Home",
    description: "",
    homeDivision: true,
  } as const;
  const roles = createRoles();
  const grants = createGrants(roles, now);
  const users = createUsers("Grace Agent");
  const clients = createOAuthClients({ now, onDeactivated: tokens.revokeAll });
  const topics = createTopics();
  const types = createIntegrationTypes();
  const integrations = createIntegrations({
    organizationId: organization.id,
    types,
    offeredTopics: () => topics.offered,
    onEventSource,
  });

  const masterAdmin = roles.add({
    name: "Master Admin",
    description: "",
    policies: ALL_PERMISSIONS,
  });
  const agent = roles.add({
    name: "Agent",
    description: "",
    policies: rolePolicies(["conversation:communication:view"]),
  });
  const worker = { name: "Sandbox worker", authorizedGrantType: "CLIENT-CREDENTIALS" } as const;
  clients.add({ ...DEFAULT_CLIENT, ...worker }, options.client);
  const divisionId = homeDivision.id;
  grants.addSettled(options.client.id, { roleId: masterAdmin.id, divisionId });
  grants.addSettled(users.signedIn.id, { roleId: agent.id, divisionId });

  return {
    ...{ organization, homeDivision, roles, masterAdmin, grants, users, clients, topics, types },
    ...{ integrations, tokens },
    credentials: new Map(),
    errors: { missingForm: "any" },
    actions: createActions(integrations),
  };
}

/** Adds the operations for administrators. */
export function addOrgOperations(api: FastifyInstance, org: Org, now: () => number): void {
  const { roles, grants, users, clients, integrations, credentials, homeDivision } = org;
  const callerOf = callersOf(org.tokens);
  acceptEmptyBodies(api);
  addRoleOperations(api, roles);
  const subjects = addSubjectOperations(api, { users, clients, roles, grants, homeDivision });
  const homeDivisionId = homeDivision.id;
  addOAuthClientOperations(api, { clients, roles, grants, homeDivisionId, callerOf });
  addWhoAmI(api, { ...org, subjects, callerOf });
  addTopicOperations(api, org.topics);
  addIntegrationTypeOperations(api, org.types);
  addCredentialOperations(api, credentials, now);
  addIntegrationOperations(api, integrations, credentials);
  addActionOperations(api, org.actions, integrations);
}
