import type { Models } from "purecloud-platform-client-v2";
import type { OrgCredential } from "./credentials.ts";
import type { SimulatedGrant } from "./grants.ts";
import type { OrgIntegration, ReportedState } from "./integrations.ts";
import { DEFAULT_CLIENT, describeClient } from "./oauth-clients.ts";
import type { MissingForm } from "./operation-permissions.ts";
import type { Org } from "./org.ts";
import { rolePolicies } from "./permissions.ts";
import { found } from "./reading.ts";
import type { OrgRole } from "./roles.ts";

/** Reads and changes an org without its API, for tests and the sandbox. */
export interface OrgControls {
  readonly id: string;
  readonly homeDivisionId: string;
  readonly roles: readonly OrgRole[];
  readonly grants: readonly SimulatedGrant[];
  /** Without their secrets. */
  readonly clients: readonly Models.OAuthClient[];
  /** The current secret. */
  secretOf(clientId: string): string | undefined;
  /** With their configurations and states. */
  readonly integrations: readonly OrgIntegration[];
  readonly credentials: readonly OrgCredential[];
  /** Topics that an EventBridge integration may use. */
  readonly offeredTopics: readonly string[];
  /**
   * Adds a user with a token. Without `permissions` (each as `domain:entity:action`) it is an administrator
   * with all permissions, in the home division.
   */
  addUser(user: NewUser): { readonly id: string; readonly token: string };
  /** From now on the login page signs in this user. */
  signIn(userId: string): void;
  /** Replaces all permissions of a user or client. */
  setPermissions(subjectId: string, permissions: readonly string[]): void;
  /** Sets the form of the error for missing permissions. */
  setMissingForm(form: MissingForm): void;
  /** Sets its state to `inactive`: it gets no token, and its tokens are invalid. */
  suspendClient(clientId: string): void;
  /** The next `times` requests for a client with a newly granted role are refused. */
  grantsSettleAfter(times: number): void;
  /** Sets the topics that an EventBridge integration may use. */
  offerToEventBridge(topics: readonly string[]): void;
  /** Removes a type, so that the org cannot add integrations of it. */
  removeIntegrationType(typeId: string): void;
  /** Sets the reported state of an integration. */
  reportState(integrationId: string, code: ReportedState["code"], message?: string): void;
}

interface NewUser {
  readonly name: string;
  readonly permissions?: readonly string[];
}

/** The client of a token that a user copied from a page of Genesys Cloud. */
const DEVELOPER_TOOLS = "developer-tools";

export function controlsOf(org: Org): OrgControls {
  const { organization, homeDivision, roles, grants, users, clients, integrations } = org;
  const divisionId = homeDivision.id;

  function setPermissions(subjectId: string, permissions: readonly string[]): void {
    const policies = rolePolicies(permissions);
    const role = roles.add({
      name: `Only for ${subjectId}, ${roles.all.length}`,
      description: "",
      policies,
    });
    grants.removeAll(subjectId);
    grants.addSettled(subjectId, { roleId: role.id, divisionId });
  }

  return {
    id: organization.id,
    homeDivisionId: divisionId,
    get roles() {
      return roles.all;
    },
    get grants() {
      return grants.all;
    },
    get clients() {
      return clients.all.map((client) => describeClient(client, grants));
    },
    secretOf: (clientId) => clients.find(clientId)?.secret,
    get integrations() {
      return integrations.all;
    },
    get credentials() {
      return [...org.credentials.values()];
    },
    get offeredTopics() {
      return org.topics.offered;
    },
    addUser({ name, permissions }) {
      const { id } = users.add(name);
      if (permissions === undefined) {
        grants.addSettled(id, { roleId: org.masterAdmin.id, divisionId });
      } else {
        setPermissions(id, permissions);
      }
      return { id, token: org.tokens.issue([], { clientId: DEVELOPER_TOOLS, userId: id }) };
    },
    signIn: (userId) => users.signIn(found(users.find(userId))),
    setPermissions,
    setMissingForm(form) {
      org.errors.missingForm = form;
    },
    suspendClient: (clientId) => void clients.change(clientId, { state: "inactive" }),
    grantsSettleAfter: grants.settleAfter,
    offerToEventBridge: org.topics.offer,
    removeIntegrationType: org.types.remove,
    reportState: (id, code, message) => integrations.report(id, { code, message }),
  };
}

/** Registers a page: users can sign in to it, and the login redirects to this URI only. */
export function allowPage({ clients }: Org, clientId: string, redirectUri: string): void {
  const page = {
    ...DEFAULT_CLIENT,
    name: "Agent panel",
    authorizedGrantType: "CODE",
    registeredRedirectUri: [redirectUri],
    scope: ["conversations:readonly"],
  } as const;
  if (clients.find(clientId) === undefined) clients.add(page, { id: clientId });
  else clients.change(clientId, page);
}
