import { organizationIn } from "../../domain/event/event-source-name.ts";
import { topics } from "../../domain/event/rules.ts";
import { asFailure } from "../../domain/failure.ts";
import { type Reading, readClient, readRoleById } from "../setup/org/read-access.ts";
import { readIntegrations } from "../setup/org/read-integrations.ts";
import { readOrganization, readTopics } from "../setup/org/read-org.ts";
import type { Integration, Role } from "../setup/plan/current-state.ts";
import { EVENTS_TYPE, topicsIn } from "../setup/plan/events.ts";
import { clientNeeds, covers, permissionsOf } from "../setup/plan/permissions.ts";
import { about, type Finding } from "./finding.ts";

/** Checks with an administrator's token what the worker's client cannot see. */
export interface OrgCheckDeps extends Reading {
  readonly clientId: string;
  /** The region that the worker gets its events from. */
  readonly region: string;
  /** Undefined if the queue could not be checked. */
  readonly account: string | undefined;
  /** Undefined if there is none. */
  readonly busName: string | undefined;
}

const HOW = "with `ringahead setup`, or by hand (docs/how-to/genesys.md)";

/** Checks the client, its role and the integration in Genesys Cloud. */
export async function checkOrg(deps: OrgCheckDeps): Promise<readonly Finding[]> {
  const checks = [checkClient, checkOrganization, checkIntegration];
  const findings = await Promise.all(
    checks.map(async (check) => {
      try {
        return await check(deps);
      } catch (error) {
        const { message, cure } = asFailure(error);
        const why = "It is unknown how the org is set up.";
        return [about("org").broken({ what: message, why, cure })];
      }
    }),
  );
  return findings.flat();
}

async function checkClient(deps: OrgCheckDeps): Promise<readonly Finding[]> {
  const report = about("OAuth client");
  const why = "The worker gets no token, or lacks permissions.";
  const client = await readClient(deps, deps.clientId);
  if (client === undefined) {
    const what = `the org has no client ${deps.clientId}`;
    const cure =
      "Check that GENESYS_CLIENT_ID is of this org, and that GENESYS_REGION is its region.";
    return [report.broken({ what, why, cure })];
  }
  if (client.grantType !== "CLIENT-CREDENTIALS") {
    const what = `its grant type is ${client.grantType}`;
    const cure = `Create one with client credentials, ${HOW}.`;
    return [report.broken({ what, why, cure })];
  }
  if (client.state !== "active") {
    const cure =
      client.state === "disabled"
        ? "Genesys has suspended it: ask Genesys support."
        : "Activate it in Admin > Integrations > OAuth.";
    return [report.broken({ what: `it is ${client.state}`, why, cure })];
  }
  const ids = [...new Set(client.roles.map(({ roleId }) => roleId))];
  const roles = await Promise.all(ids.map((id) => readRoleById(deps, id)));
  return [
    report.ok(`${client.name}, active, client credentials`),
    ...checkPermissions(roles.filter((role) => role !== undefined)),
  ];
}

/** [pure] Compares the granted permissions with the needed ones. */
function checkPermissions(roles: readonly Role[]): readonly Finding[] {
  const report = about("permissions");
  const granted = roles.flatMap(({ policies }) => permissionsOf(policies));
  const missing = clientNeeds.filter(({ permission }) => !covers(granted, permission));
  const needed = clientNeeds.map(({ permission }) => permission);
  const extra = granted.filter((permission) => !needed.includes(permission));
  const findings = missing.map(({ permission, why }) =>
    report.warning({
      what: `${permission} is not granted`,
      why: `It is needed: ${why}.`,
      cure: `Give it to the client's role, ${HOW}.`,
    }),
  );
  if (extra.length > 0) {
    findings.push(
      report.warning({
        what: `${extra.length} more than needed, for example ${extra[0]}`,
        why: "Anyone who gets the secret has these permissions too.",
        cure: `Give the client only the role Ringahead, ${HOW}.`,
      }),
    );
  }
  return findings.length > 0 ? findings : [report.ok(`exactly ${needed.join(", ")}`)];
}

async function checkOrganization(deps: OrgCheckDeps): Promise<readonly Finding[]> {
  const orgOfBus = organizationIn(deps.busName ?? "");
  const { id, name } = await readOrganization(deps);
  const report = about("org");
  if (orgOfBus === undefined || orgOfBus === id) return [report.ok(`${name} (${id})`)];
  return [
    report.broken({
      what: `the event bus is of the org ${orgOfBus}, and the client of ${name} (${id})`,
      why: "An org does not know the conversations of another org: every write gets 404.",
      cure: "Deploy with the event source of this org, or configure the client of the other org.",
    }),
  ];
}

async function checkIntegration(deps: OrgCheckDeps): Promise<readonly Finding[]> {
  const { region, account, busName } = deps;
  const report = about("EventBridge integration");
  const why = "Genesys Cloud's events do not reach the worker.";
  const all = await readIntegrations(deps, [EVENTS_TYPE]);
  const suffix = busName?.startsWith("aws.partner/") ? busName.split("/").at(-1) : undefined;
  const ours = all.find(
    ({ config: { properties } }) =>
      properties.awsAccountRegion === region &&
      (account === undefined || properties.awsAccountId === account) &&
      (suffix === undefined || properties.eventSourceSuffix === suffix),
  );
  if (ours === undefined) {
    const existing = all.map(targetOf).join("; ");
    const target = `account ${account ?? "?"}, region ${region}${suffix === undefined ? "" : `, suffix ${suffix}`}`;
    const what =
      all.length === 0
        ? "the org has none"
        : `none sends to ${target}, as the worker expects; there is ${existing}`;
    const cure = `Create one ${HOW}. Leave an existing integration unchanged: another account, region or suffix is another event source.`;
    return [report.broken({ what, why, cure })];
  }
  if (!ours.enabled) {
    const cure = "Activate it in Admin > Integrations.";
    return [report.broken({ what: `${ours.name} is not active`, why, cure })];
  }
  if (ours.reported === "ERROR") {
    const cure = "See its details in Admin > Integrations.";
    return [report.broken({ what: `Genesys Cloud reports an error of ${ours.name}`, why, cure })];
  }
  return [report.ok(targetOf(ours)), ...checkTopics(ours, await readTopics(deps))];
}

function targetOf({ name, config: { properties } }: Integration): string {
  const { awsAccountId, awsAccountRegion, eventSourceSuffix } = properties;
  return `${name} to account ${String(awsAccountId)}, region ${String(awsAccountRegion)}, suffix ${String(eventSourceSuffix)}`;
}

/** [pure] Checks that the integration sends each topic that the org offers. */
function checkTopics({ config }: Integration, offered: ReadonlySet<string>): readonly Finding[] {
  const report = about("topics");
  const sent = topicsIn(config.properties);
  const missing = Object.values(topics).filter((topic) => !sent.includes(topic));
  const findings = missing.map((topic) => {
    if (!offered.has(topic)) return report.ok(`${topic}: the org does not offer it to EventBridge`);
    const problem = {
      what: `${topic} is not sent`,
      why: WITHOUT_TOPIC[topic] ?? "The feature that needs it does not work.",
      cure: `Select it in the integration's topic filter, ${HOW}.`,
    };
    return topic === topics.customerStart ? report.broken(problem) : report.warning(problem);
  });
  return findings.length > 0 ? findings : [report.ok(`all ${sent.length} are sent`)];
}

const WITHOUT_TOPIC: Readonly<Record<string, string>> = {
  [topics.customerStart]: "No lookup is made.",
  [topics.customerEnd]: "Requests are spent on conversations that have ended.",
  [topics.contact]: "A customer who is recognised later gets no history.",
  [topics.userStart]:
    "The head start before the agent is unknown, and answered conversations are not placed after unanswered ones.",
  [topics.attributes]: "It is unknown whether a write took effect.",
  [topics.userTokens]:
    "The first conversation after a quiet time waits for tokens and connections.",
  [topics.operations]: "Problems that Genesys Cloud reports about itself are not received.",
};
