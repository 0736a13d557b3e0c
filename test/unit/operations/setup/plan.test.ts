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
import { DONE, EMPTY, EVENTS, WISH, WORKER } from "../../../support/setup-state.ts";

const plan = (picture: CurrentState, wish: Partial<DesiredState> = {}) =>
  makePlan(picture, { ...WISH, ...wish }, "the vault");
const lines = (picture: CurrentState, wish?: Partial<DesiredState>) =>
  plan(picture, wish).steps.map(({ does, thing }) => `${does} ${thing}`);
const deeds = (picture: CurrentState, wish?: Partial<DesiredState>) =>
  plan(picture, wish).steps.flatMap((step) => step.deeds.map(({ kind }) => kind));
function stepOf(thing: string, picture: CurrentState, wish?: Partial<DesiredState>) {
  const step = plan(picture, wish).steps.find((one) => one.thing === thing);
  if (step === undefined) throw new Error(`no step for ${thing}`);
  return step;
}

describe("an empty org", () => {
  it("gets everything, the role first and its grant before the client", () => {
    expect(lines(EMPTY)).toEqual([
      "create role Ringahead",
      "create role Ringahead, granted to you",
      "create OAuth client Ringahead",
      "create integration Ringahead events",
    ]);
    expect(deeds(EMPTY)).toEqual([
      ...["createRole", "grantRole", "createClient"],
      ...["createIntegration", "configureIntegration", "enableIntegration"],
    ]);
  });

  it("gives the role back in the end where that is wished for", () => {
    expect(deeds(EMPTY, { returnRole: true }).at(-1)).toBe("takeRoleBack");
  });

  it("explains each permission, and names the place of the secret", () => {
    const text = planText(plan(EMPTY), EMPTY);
    expect(text).toMatch(
      /conversation:communication:view: .*\n +wide: it opens every conversation/,
    );
    expect(text).toContain("its secret goes to the vault");
    expect(text).toContain("4 to create, 0 to change, 0 as it should be.");
  });

  it("leaves out a permission that the org does not have, and says so", () => {
    const picture = { ...EMPTY, permissions: ["conversation:communication:view"] };
    const step = stepOf("role Ringahead", picture);
    expect(step.told.join("\n")).toMatch(
      /without externalContacts:contact:view, which this org does not have: web-messaging/,
    );
    expect(step.deeds).toEqual([
      expect.objectContaining({
        policies: [{ domain: "conversation", entityName: "communication", actionSet: ["view"] }],
      }),
    ]);
  });

  it("is given all of them where Genesys Cloud does not tell its list", () => {
    const told = stepOf("role Ringahead", { ...EMPTY, permissions: undefined }).told.join("\n");
    expect(told).toContain("externalContacts:contact:view: web-messaging");
  });

  it("takes only topics that the org offers to EventBridge, and says which it does not", () => {
    const picture = { ...EMPTY, topics: new Set([topics.customerStart, topics.customerEnd]) };
    const { told } = stepOf("integration Ringahead events", picture);
    expect(told).toContain(`sends ${topics.customerEnd}`);
    expect(told).toContain(
      `does not send ${topics.userTokens}: the org does not offer it to EventBridge`,
    );
  });
});

describe("an org in which all is done", () => {
  it("is left as it is", () => {
    expect(deeds(DONE)).toEqual([]);
    expect(lines(DONE)).toEqual([
      "leave role Ringahead",
      "leave OAuth client Ringahead",
      "leave integration Ringahead events",
    ]);
    expect(planText(plan(DONE), DONE)).toContain("0 to create, 0 to change, 3 as it should be.");
  });

  it("is left with what somebody else has added", () => {
    const others = { ...EVENTS.config.properties, eventFilter: ["v2.x", ...Object.values(topics)] };
    const picture: CurrentState = {
      ...DONE,
      clients: [{ ...WORKER, roles: [...WORKER.roles, { roleId: "other", divisionId: "home" }] }],
      integrations: [{ ...EVENTS, config: { ...EVENTS.config, properties: others } }],
    };
    expect(deeds(picture)).toEqual([]);
    expect(stepOf("OAuth client Ringahead", picture).told).toContain(
      "has a role beside ours, which is left to it: other",
    );
  });

  it("offers to take the role back, once", () => {
    const administrator = {
      ...DONE.administrator,
      grants: [{ roleId: "role-1", divisionId: "home" }],
    };
    const held = { ...DONE, administrator };
    expect(stepOf("role Ringahead, granted to you", held).told).toEqual([
      "take it back with --return-role",
    ]);
    expect(deeds(held, { returnRole: true })).toEqual(["takeRoleBack"]);
    expect(deeds(DONE, { returnRole: true })).toEqual([]);
  });

  it("makes a new secret only where it is told to", () => {
    expect(deeds(DONE, { newSecret: true })).toEqual(["grantRole", "renewSecret"]);
  });
});

describe("what is half done, or different", () => {
  it.each<[string, Partial<CurrentState>, string, RegExp, readonly string[]]>([
    [
      "a role that may too little and too much",
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
      "a client that an administrator has switched off",
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
      "topics that are not ticked, in an integration of another name with our suffix",
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
  ])("%s", (_, broken, thing, told, done) => {
    const picture: CurrentState = { ...DONE, ...broken };
    const step = stepOf(thing, picture);
    expect(step.does).toBe("change");
    expect(step.told.join("\n")).toMatch(told);
    expect(deeds(picture)).toEqual(done);
  });

  it("keeps topics that are there already, and adopts an integration with our suffix", () => {
    const properties = { ...EVENTS.config.properties, eventFilter: ["v2.x"] };
    const picture: CurrentState = {
      ...DONE,
      integrations: [{ ...EVENTS, name: "made by hand", config: { ...EVENTS.config, properties } }],
    };
    const [deed] = stepOf("integration made by hand", picture).deeds;
    expect(
      deed?.kind === "configureIntegration" &&
        deed.content.properties({ roleId: undefined, clientIds: {} }),
    ).toEqual({
      ...EVENTS.config.properties,
      eventFilter: ["v2.x", ...Object.values(topics)],
    });
  });

  it("leaves a client's own description and token life", () => {
    const picture = { ...DONE, clients: [{ ...WORKER, roles: [] }] };
    const [deed] = stepOf("OAuth client Ringahead", picture).deeds;
    expect(deed).toMatchObject({
      content: { description: "by hand", tokenLifeSeconds: 3_600 },
    });
  });
});

describe("what a person has to decide", () => {
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
      /no integrations of the type amazon-eventbridge-source/,
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
      "an org that does not offer the one topic",
      { topics: new Set<string>() },
      "integration Ringahead events",
      /does not offer v2\.detail\.events\.conversation\.\{id\}\.customer\.start/,
      /support/,
    ],
    [
      "a secret that was never kept",
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
      "a client of another kind",
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
  ])("%s", (_, broken, thing, told, cure) => {
    const step = stepOf(thing, { ...DONE, ...broken });
    expect(step.does).toBe("blocked");
    expect(step.deeds).toEqual([]);
    expect(step.told.join("\n")).toMatch(told);
    expect(step.cure).toMatch(cure);
  });
});

describe("permissions", () => {
  it("names what the administrator lacks for this plan, and for nothing else", () => {
    const permissions = ["authorization:*:*", "oauth:client:view", "integrations:integration:*"];
    const administrator = { ...EMPTY.administrator, permissions };
    const picture = { ...EMPTY, administrator };
    expect(plan(picture).missing).toEqual(["addClient"]);
    expect(planText(plan(picture), picture)).toMatch(/oauth:client:add to make the OAuth client/);
    expect(plan({ ...DONE, administrator }).missing).toEqual([]);
  });

  it("cannot be told where Genesys Cloud does not tell them", () => {
    const administrator = { ...EMPTY.administrator, permissions: undefined };
    expect(plan({ ...EMPTY, administrator }).missing).toEqual([]);
  });

  it("are covered by wildcards, part by part", () => {
    expect(covers(["oauth:*:*"], "oauth:client:add")).toBe(true);
    expect(covers(["oauth:client:*"], "oauth:client:add")).toBe(true);
    expect(covers(["oauth:client:view"], "oauth:client:add")).toBe(false);
    expect(covers(["oauth"], "oauth:client:add")).toBe(false);
  });

  it("come back from their policies", () => {
    const permissions = ["a:b:view", "a:b:edit", "a:c:view"];
    expect(policiesOf(permissions)).toHaveLength(2);
    expect(permissionsOf(policiesOf(permissions))).toEqual(permissions);
  });
});

describe("the panel", () => {
  const panel = { url: "https://panel.example.com/", groups: ["g-1"], attributePrefix: "crm_" };

  it("gets a client of its own, and a widget that names it", () => {
    expect(lines(DONE, { panel }).slice(-2)).toEqual([
      "create OAuth client Ringahead panel",
      "create integration Ringahead panel",
    ]);
    const configure = stepOf("integration Ringahead panel", DONE, { panel }).deeds[1];
    expect(
      configure?.kind === "configureIntegration" &&
        configure.content.properties({ roleId: undefined, clientIds: { panel: "panel-1" } }),
    ).toMatchObject({
      url: "https://panel.example.com/?gcHostOrigin={{gcHostOrigin}}&gcTargetEnv={{gcTargetEnv}}&gcConversationId={{gcConversationId}}&pcLangTag={{pcLangTag}}&pcUsePopupAuth={{pcUsePopupAuth}}&clientId=panel-1&prefix=crm_",
      groups: ["g-1"],
    });
  });
});
