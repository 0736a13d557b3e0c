import type { Models } from "purecloud-platform-client-v2";
import type { OrgCredential } from "./credentials.ts";
import type { SimulatedGrant } from "./grants.ts";
import type { OrgIntegration, ReportedState } from "./integrations.ts";
import { describeClient, PLAIN_CLIENT } from "./oauth-clients.ts";
import type { MissingForm } from "./operation-permissions.ts";
import type { Org } from "./org.ts";
import { rolePolicies } from "./permissions.ts";
import { found } from "./reading.ts";
import type { OrgRole } from "./roles.ts";

/** What a test, or the sandbox, can see and do in an org past its API. */
export interface OrgControls {
  readonly id: string;
  readonly homeDivisionId: string;
  readonly roles: readonly OrgRole[];
  readonly grants: readonly SimulatedGrant[];
  /** Without their secrets. */
  readonly clients: readonly Models.OAuthClient[];
  /** The secret that is good now. */
  secretOf(clientId: string): string | undefined;
  /** With their configurations and states. */
  readonly integrations: readonly OrgIntegration[];
  readonly credentials: readonly OrgCredential[];
  /** Topics that an EventBridge integration can have. */
  readonly offeredTopics: readonly string[];
  /**
   * A user with a token: an administrator who may do everything, in the home division, unless permissions
   * (each as `domain:entity:action`) are named.
   */
  addUser(user: NewUser): { readonly id: string; readonly token: string };
  /** Whoever opens a login page from now on is this user. */
  signIn(userId: string): void;
  /** From now on these are the permissions of a user or client, and nothing else. */
  permissionsOf(subjectId: string, permissions: readonly string[]): void;
  /** From now on operations refuse as those that require any of some permissions do, or all of them. */
  sayMissing(form: MissingForm): void;
  /** Its state is `inactive`: it gets no token, and those that it has are good for nothing. */
  suspendClient(clientId: string): void;
  /** The next `times` clients made or changed with a role newly granted are refused, as if it were not yet. */
  grantsSettleAfter(times: number): void;
  /** An EventBridge integration can have these topics, and no others. */
  offerToEventBridge(topics: readonly string[]): void;
  /** The org cannot add integrations of this type. */
  removeIntegrationType(typeId: string): void;
  /** As when Genesys Cloud finds that an integration does not work. */
  reportState(integrationId: string, code: ReportedState["code"], message?: string): void;
}

interface NewUser {
  readonly name: string;
  readonly permissions?: readonly string[];
}

/** The client of a token that a user has copied out of a page of Genesys' own. */
const DEVELOPER_TOOLS = "developer-tools";

export function controlsOf(org: Org): OrgControls {
  const { organization, homeDivision, roles, grants, users, clients, integrations } = org;
  const divisionId = homeDivision.id;

  function permissionsOf(subjectId: string, permissions: readonly string[]): void {
    const policies = rolePolicies(permissions);
    const role = roles.add({
      name: `Only for ${subjectId}, ${roles.all.length}`,
      description: "",
      policies,
    });
    grants.takeAll(subjectId);
    grants.giveSettled(subjectId, { roleId: role.id, divisionId });
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
        grants.giveSettled(id, { roleId: org.masterAdmin.id, divisionId });
      } else {
        permissionsOf(id, permissions);
      }
      return { id, token: org.tokens.issue([], { clientId: DEVELOPER_TOOLS, userId: id }) };
    },
    signIn: (userId) => users.signIn(found(users.find(userId))),
    permissionsOf,
    sayMissing(form) {
      org.wording.missing = form;
    },
    suspendClient: (clientId) => void clients.change(clientId, { state: "inactive" }),
    grantsSettleAfter: grants.settleAfter,
    offerToEventBridge: org.topics.offer,
    removeIntegrationType: org.types.remove,
    reportState: (id, code, message) => integrations.report(id, { code, message }),
  };
}

/** Lets users sign in to a page whose login comes back to this address, and to no other. */
export function allowPage({ clients }: Org, clientId: string, redirectUri: string): void {
  const page = {
    ...PLAIN_CLIENT,
    name: "Agent panel",
    authorizedGrantType: "CODE",
    registeredRedirectUri: [redirectUri],
    scope: ["conversations:readonly"],
  } as const;
  if (clients.find(clientId) === undefined) clients.add(page, { id: clientId });
  else clients.change(clientId, page);
}
