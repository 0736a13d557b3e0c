import { describe, expect, it } from "vitest";
import { topics } from "../../../../src/domain/event/rules.ts";
import type { CurrentState } from "../../../../src/operations/setup/plan/current-state.ts";
import type { DesiredState } from "../../../../src/operations/setup/plan/desired-state.ts";
import {
  covers,
  permissionsOf,
  policiesOf,
} from "../../../../src/operations/setup/plan/permissions.ts";
import { makePlan } from "../../../../src/operations/setup/plan/plan.ts";
import { planText } from "../../../../src/operations/setup/plan/text.ts";
import { DESIRED, DONE, EMPTY, EVENTS, WORKER } from "../../../support/setup-state.ts";

const plan = (current: CurrentState, desired: Partial<DesiredState> = {}) =>
  makePlan(current, { ...DESIRED, ...desired }, "the vault");
const lines = (current: CurrentState, desired?: Partial<DesiredState>) =>
  plan(current, desired).steps.map(({ action, thing }) => `${action} ${thing}`);
const changeKinds = (current: CurrentState, desired?: Partial<DesiredState>) =>
  plan(current, desired).steps.flatMap((step) => step.changes.map(({ kind }) => kind));
function stepOf(thing: string, current: CurrentState, desired?: Partial<DesiredState>) {
  const step = plan(current, desired).steps.find((one) => one.thing === thing);
  if (step === undefined) throw new Error(`no step for ${thing}`);
  return step;
}

describe("an empty org", () => {
  it("gets everything: first the role, then its grant, then the client", () => {
    expect(lines(EMPTY)).toEqual([
      "create role Ringahead",
      "create role Ringahead, granted to you",
      "create OAuth client Ringahead",
      "create integration Ringahead events",
    ]);
    expect(changeKinds(EMPTY)).toEqual([
      ...["createRole", "grantRole", "createClient"],
      ...["createIntegration", "configureIntegration", "enableIntegration"],
    ]);
  });

  it("revokes the role at the end if desired", () => {
    expect(changeKinds(EMPTY, { returnRole: true }).at(-1)).toBe("revokeRole");
  });

  it("explains each permission and names the place of the secret", () => {
    const text = planText(plan(EMPTY), EMPTY);
    expect(text).toMatch(
      /conversation:communication:view: .*\n +wide: it gives access to every conversation/,
    );
    expect(text).toContain("its secret goes to the vault");
    expect(text).toContain("4 to create, 0 to change, 0 unchanged.");
  });

  it("leaves out a permission that the org does not have, and reports it", () => {
    const current = { ...EMPTY, permissions: ["conversation:communication:view"] };
    const step = stepOf("role Ringahead", current);
    expect(step.details.join("\n")).toMatch(
      /without externalContacts:contact:view, which this org does not have: web-messaging/,
    );
    expect(step.changes).toEqual([
      expect.objectContaining({
        policies: [{ domain: "conversation", entityName: "communication", actionSet: ["view"] }],
      }),
    ]);
  });

  it("gets all permissions if Genesys Cloud does not list them", () => {
    const text = stepOf("role Ringahead", { ...EMPTY, permissions: undefined }).details.join("\n");
    expect(text).toContain("externalContacts:contact:view: web-messaging");
  });

  it("sends only topics that the org offers to EventBridge, and lists the others", () => {
    const current = { ...EMPTY, topics: new Set([topics.customerStart, topics.customerEnd]) };
    const { details } = stepOf("integration Ringahead events", current);
    expect(details).toContain(`sends ${topics.customerEnd}`);
    expect(details).toContain(
      `does not send ${topics.userTokens}: the org does not offer it to EventBridge`,
    );
  });
});

describe("an org in the desired state", () => {
  it("is unchanged", () => {
    expect(changeKinds(DONE)).toEqual([]);
    expect(lines(DONE)).toEqual([
      "leave role Ringahead",
      "leave OAuth client Ringahead",
      "leave integration Ringahead events",
    ]);
    expect(planText(plan(DONE), DONE)).toContain("0 to create, 0 to change, 3 unchanged.");
  });

  it("keeps what others have added", () => {
    const others = { ...EVENTS.config.properties, eventFilter: ["v2.x", ...Object.values(topics)] };
    const current: CurrentState = {
      ...DONE,
      clients: [{ ...WORKER, roles: [...WORKER.roles, { roleId: "other", divisionId: "home" }] }],
      integrations: [{ ...EVENTS, config: { ...EVENTS.config, properties: others } }],
    };
    expect(changeKinds(current)).toEqual([]);
    expect(stepOf("OAuth client Ringahead", current).details).toContain(
      "keeps another role: other",
    );
  });

  it("offers once to revoke the role", () => {
    const administrator = {
      ...DONE.administrator,
      grants: [{ roleId: "role-1", divisionId: "home" }],
    };
    const held = { ...DONE, administrator };
    expect(stepOf("role Ringahead, granted to you", held).details).toEqual([
      "revoke it with --return-role",
    ]);
    expect(changeKinds(held, { returnRole: true })).toEqual(["revokeRole"]);
    expect(changeKinds(DONE, { returnRole: true })).toEqual([]);
  });

  it("creates a new secret only with --new-secret", () => {
    expect(changeKinds(DONE, { newSecret: true })).toEqual(["grantRole", "renewSecret"]);
  });
});

describe("what is incomplete or different", () => {
  it.each<[string, Partial<CurrentState>, string, RegExp, readonly string[]]>([
    [
      "a role with a missing and an extra permission",
      {
        role: {
          id: "role-1",
          policies: policiesOf(["conversation:communication:view", "routing:queue:view"]),
        },
      },
      "role Ringahead",
      /gets externalContacts:contact:view\n.*loses routing:queue:view/,
      ["updateRole"],
    ],
    [
      "a client without the role",
      { clients: [{ ...WORKER, roles: [] }] },
      "OAuth client Ringahead",
      /gets the role Ringahead in the division Home/,
      ["grantRole", "updateClient"],
    ],
    [
      "a client that an administrator has deactivated",
      { clients: [{ ...WORKER, state: "inactive" }], secret: "untried" },
      "OAuth client Ringahead",
      /is inactive, becomes active/,
      ["grantRole", "updateClient"],
    ],
    [
      "an integration that was never configured",
      {
        integrations: [{ ...EVENTS, enabled: false, config: { ...EVENTS.config, properties: {} } }],
      },
      "integration Ringahead events",
      /an earlier run did not finish it\n(.*\n)*awsAccountId becomes 111122223333/,
      ["configureIntegration", "enableIntegration"],
    ],
    [
      "an integration that is not active",
      { integrations: [{ ...EVENTS, enabled: false }] },
      "integration Ringahead events",
      /is not active, becomes active/,
      ["enableIntegration"],
    ],
    [
      "topics that are not selected",
      {
        integrations: [
          {
            ...EVENTS,
            name: "Ringahead events",
            config: {
              ...EVENTS.config,
              properties: {
                ...EVENTS.config.properties,
                eventFilter: [topics.customerStart, "v2.x"],
              },
            },
          },
        ],
      },
      "integration Ringahead events",
      /eventFilter gets v2\.detail\.events\.conversation\.\{id\}\.customer\.end/,
      ["configureIntegration"],
    ],
  ])("%s", (_, broken, thing, details, kinds) => {
    const current: CurrentState = { ...DONE, ...broken };
    const step = stepOf(thing, current);
    expect(step.action).toBe("change");
    expect(step.details.join("\n")).toMatch(details);
    expect(changeKinds(current)).toEqual(kinds);
  });

  it("keeps other topics, and uses an integration with our suffix", () => {
    const properties = { ...EVENTS.config.properties, eventFilter: ["v2.x"] };
    const current: CurrentState = {
      ...DONE,
      integrations: [{ ...EVENTS, name: "by hand", config: { ...EVENTS.config, properties } }],
    };
    const [change] = stepOf("integration by hand", current).changes;
    expect(
      change?.kind === "configureIntegration" &&
        change.content.properties({ roleId: undefined, clientIds: {} }),
    ).toEqual({
      ...EVENTS.config.properties,
      eventFilter: ["v2.x", ...Object.values(topics)],
    });
  });

  it("keeps a client's own description and token life", () => {
    const current = { ...DONE, clients: [{ ...WORKER, roles: [] }] };
    const [change] = stepOf("OAuth client Ringahead", current).changes;
    expect(change).toMatchObject({
      content: { description: "by hand", tokenLifeSeconds: 3_600 },
    });
  });
});

describe("what blocks the plan", () => {
  const properties = (change: object) => ({
    integrations: [
      {
        ...EVENTS,
        config: { ...EVENTS.config, properties: { ...EVENTS.config.properties, ...change } },
      },
    ],
  });

  it.each<[string, Partial<CurrentState>, string, RegExp, RegExp]>([
    [
      "another region",
      properties({ awsAccountRegion: "us-east-1" }),
      "integration Ringahead events",
      /awsAccountRegion is us-east-1, not eu-central-1/,
      /--aws-region/,
    ],
    [
      "another account",
      properties({ awsAccountId: "999999999999" }),
      "integration Ringahead events",
      /awsAccountId is 999999999999, not 111122223333/,
      /--aws-account/,
    ],
    [
      "an org without the type",
      { types: [], integrations: [] },
      "integration Ringahead events",
      /does not have the integration type amazon-eventbridge-source/,
      /support/,
    ],
    [
      "a setting that Genesys Cloud has renamed",
      {
        integrations: [],
        types: [
          {
            ...{ id: "amazon-eventbridge-source", credentials: {} },
            settings: ["awsAccountId", "awsRegion", "eventSourceSuffix", "eventFilter"],
          },
        ],
      },
      "integration Ringahead events",
      /has no setting awsAccountRegion any more/,
      /by hand/,
    ],
    [
      "an org that does not offer the required topic",
      { topics: new Set<string>() },
      "integration Ringahead events",
      /does not offer v2\.detail\.events\.conversation\.\{id\}\.customer\.start/,
      /support/,
    ],
    [
      "a secret that was never stored",
      { secret: "absent" },
      "OAuth client Ringahead",
      /the vault holds no secret: an earlier run may have ended/,
      /--new-secret/,
    ],
    [
      "a secret of something else",
      { secret: "refused" },
      "OAuth client Ringahead",
      /what the vault holds is not its secret/,
      /--secret, --secret-file/,
    ],
    [
      "a suspended client",
      { clients: [{ ...WORKER, state: "disabled" }] },
      "OAuth client Ringahead",
      /suspended by Genesys/,
      /support/,
    ],
    [
      "a client with another grant type",
      { clients: [{ ...WORKER, grantType: "CODE" }] },
      "OAuth client Ringahead",
      /grant type CODE/,
      /--name/,
    ],
    [
      "two clients of one name",
      { clients: [WORKER, { ...WORKER, id: "worker-2" }] },
      "OAuth client Ringahead",
      /several of this name/,
      /all but one/,
    ],
  ])("%s", (_, broken, thing, problem, cure) => {
    const step = stepOf(thing, { ...DONE, ...broken });
    expect(step.action).toBe("blocked");
    expect(step.changes).toEqual([]);
    expect(step.details.join("\n")).toMatch(problem);
    expect(step.cure).toMatch(cure);
  });
});

describe("permissions", () => {
  it("that this plan needs and the administrator lacks are listed", () => {
    const permissions = ["authorization:*:*", "oauth:client:view", "integrations:integration:*"];
    const administrator = { ...EMPTY.administrator, permissions };
    const current = { ...EMPTY, administrator };
    expect(plan(current).missing).toEqual(["addClient"]);
    expect(planText(plan(current), current)).toMatch(/oauth:client:add to create the OAuth client/);
    expect(plan({ ...DONE, administrator }).missing).toEqual([]);
  });

  it("are not checked if Genesys Cloud does not list them", () => {
    const administrator = { ...EMPTY.administrator, permissions: undefined };
    expect(plan({ ...EMPTY, administrator }).missing).toEqual([]);
  });

  it("are covered by wildcards, part by part", () => {
    expect(covers(["oauth:*:*"], "oauth:client:add")).toBe(true);
    expect(covers(["oauth:client:*"], "oauth:client:add")).toBe(true);
    expect(covers(["oauth:client:view"], "oauth:client:add")).toBe(false);
    expect(covers(["oauth"], "oauth:client:add")).toBe(false);
  });

  it("survive the conversion to policies", () => {
    const permissions = ["a:b:view", "a:b:edit", "a:c:view"];
    expect(policiesOf(permissions)).toHaveLength(2);
    expect(permissionsOf(policiesOf(permissions))).toEqual(permissions);
  });
});

describe("the panel", () => {
  const panel = { url: "https://panel.example.com/", groups: ["g-1"], attributePrefix: "crm_" };

  it("gets its own client, and a widget with the client's id", () => {
    expect(lines(DONE, { panel }).slice(-2)).toEqual([
      "create OAuth client Ringahead panel",
      "create integration Ringahead panel",
    ]);
    const configure = stepOf("integration Ringahead panel", DONE, { panel }).changes[1];
    expect(
      configure?.kind === "configureIntegration" &&
        configure.content.properties({ roleId: undefined, clientIds: { panel: "panel-1" } }),
    ).toMatchObject({
      url: "https://panel.example.com/?gcHostOrigin={{gcHostOrigin}}&gcTargetEnv={{gcTargetEnv}}&gcConversationId={{gcConversationId}}&pcLangTag={{pcLangTag}}&pcUsePopupAuth={{pcUsePopupAuth}}&clientId=panel-1&prefix=crm_",
      groups: ["g-1"],
    });
  });
});
