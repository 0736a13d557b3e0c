import { topics } from "../../src/domain/event/rules.ts";
import type {
  Client,
  CurrentState,
  Integration,
} from "../../src/operations/setup/plan/current-state.ts";
import type { DesiredState } from "../../src/operations/setup/plan/desired-state.ts";
import { clientNeeds, policiesOf } from "../../src/operations/setup/plan/permissions.ts";

/** A new installation without lookups and panel. */
export const DESIRED: DesiredState = {
  name: "Ringahead",
  aws: { account: "111122223333", region: "eu-central-1", suffix: "ringahead" },
  everyDivision: false,
  newSecret: false,
  returnRole: false,
  actions: [],
  panel: undefined,
};

/** An org without Ringahead, and an administrator with all permissions. */
export const EMPTY: CurrentState = {
  organization: { id: "00000000-0000-4000-8000-0000000000aa", name: "Acme" },
  administrator: { id: "ada", name: "Ada Admin", permissions: ["*:*:*"], grants: [] },
  homeDivision: { id: "home", name: "Home" },
  role: undefined,
  clients: [],
  integrations: [],
  types: [
    {
      ...{ id: "amazon-eventbridge-source", credentials: {} },
      settings: ["awsAccountId", "awsAccountRegion", "eventSourceSuffix", "eventFilter"],
    },
    {
      id: "custom-rest-actions",
      credentials: { basicAuth: ["basicAuth", "userDefined"] },
      settings: undefined,
    },
    { id: "embedded-client-app-interaction-widget", credentials: {}, settings: undefined },
  ],
  permissions: clientNeeds.map(({ permission }) => permission),
  topics: new Set(Object.values(topics)),
  actions: [],
  secret: "untried",
};

export const WORKER: Client = {
  id: "worker-1",
  name: "Ringahead",
  description: "by hand",
  tokenLifeSeconds: 3_600,
  grantType: "CLIENT-CREDENTIALS",
  state: "active",
  roles: [{ roleId: "role-1", divisionId: "home" }],
  redirectUris: [],
  scopes: [],
};

export const EVENTS: Integration = {
  id: "events-1",
  name: "Ringahead events",
  type: "amazon-eventbridge-source",
  enabled: true,
  reported: "ACTIVE",
  config: {
    version: 3,
    properties: {
      awsAccountId: "111122223333",
      awsAccountRegion: "eu-central-1",
      eventSourceSuffix: "ringahead",
      eventFilter: Object.values(topics),
    },
    advanced: {},
    notes: "",
    credentials: {},
  },
};

/** The same org in the desired state, after the role was revoked from the administrator. */
export const DONE: CurrentState = {
  ...EMPTY,
  role: { id: "role-1", policies: policiesOf(clientNeeds.map(({ permission }) => permission)) },
  clients: [WORKER],
  integrations: [EVENTS],
  secret: "works",
};
