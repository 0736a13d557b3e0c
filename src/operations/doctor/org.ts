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

/** What an administrator can see of an installation, and the worker's client cannot. */
export interface OrgCheckDeps extends Reading {
  readonly clientId: string;
  /** Where events are expected. */
  readonly region: string;
  /** Undefined where the queue could not be looked at. */
  readonly account: string | undefined;
  /** Undefined where there is none. */
  readonly busName: string | undefined;
}

const HOW = "with `ringahead setup`, or by hand (docs/how-to/genesys.md)";

/** The client, its role, and the integration, as Genesys Cloud has them. */
export async function checkOrg(options: OrgCheckDeps): Promise<readonly Finding[]> {
  const looks = [checkClient, checkOrganization, checkIntegration];
  const findings = await Promise.all(
    looks.map(async (look) => {
      try {
        return await look(options);
      } catch (error) {
        const { message, cure } = asFailure(error);
        const why = "How the org is set up is not known.";
        return [about("org").broken({ what: message, why, cure })];
      }
    }),
  );
  return findings.flat();
}

async function checkClient(options: OrgCheckDeps): Promise<readonly Finding[]> {
  const tell = about("OAuth client");
  const why = "The worker gets no token, or may not do what it has to.";
  const client = await readClient(options, options.clientId);
  if (client === undefined) {
    const what = `the org has no client ${options.clientId}`;
    const cure = "Is GENESYS_CLIENT_ID of this org, and GENESYS_REGION its region?";
    return [tell.broken({ what, why, cure })];
  }
  if (client.grantType !== "CLIENT-CREDENTIALS") {
    const what = `its grant type is ${client.grantType}`;
    const cure = `Make one with client credentials, ${HOW}.`;
    return [tell.broken({ what, why, cure })];
  }
  if (client.state !== "active") {
    const cure =
      client.state === "disabled"
        ? "Genesys has suspended it: ask its support."
        : "Activate it in Admin > Integrations > OAuth.";
    return [tell.broken({ what: `it is ${client.state}`, why, cure })];
  }
  const ids = [...new Set(client.roles.map(({ roleId }) => roleId))];
  const roles = await Promise.all(ids.map((id) => readRoleById(options, id)));
  return [
    tell.ok(`${client.name}, active, client credentials`),
    ...checkPermissions(roles.filter((role) => role !== undefined)),
  ];
}

/** [pure] What its roles give it, beside what it needs. */
function checkPermissions(roles: readonly Role[]): readonly Finding[] {
  const tell = about("permissions");
  const granted = roles.flatMap(({ policies }) => permissionsOf(policies));
  const missing = clientNeeds.filter(({ permission }) => !covers(granted, permission));
  const wanted = clientNeeds.map(({ permission }) => permission);
  const more = granted.filter((permission) => !wanted.includes(permission));
  const findings = missing.map(({ permission, why }) =>
    tell.warning({
      what: `${permission} is not granted`,
      why: `It is wanted: ${why}.`,
      cure: `Give it to the client's role, ${HOW}.`,
    }),
  );
  if (more.length > 0) {
    const [first] = more;
    findings.push(
      tell.warning({
        what: `${more.length} more than needed, as ${first}`,
        why: "Whoever gets hold of the secret may do that, too.",
        cure: `Give the client the role Ringahead alone, ${HOW}.`,
      }),
    );
  }
  return findings.length > 0 ? findings : [tell.ok(`exactly ${wanted.join(", ")}`)];
}

async function checkOrganization(options: OrgCheckDeps): Promise<readonly Finding[]> {
  const { busName } = options;
  const orgOfBus = organizationIn(busName ?? "");
  const { id, name } = await readOrganization(options);
  const tell = about("org");
  if (orgOfBus === undefined || orgOfBus === id) return [tell.ok(`${name} (${id})`)];
  return [
    tell.broken({
      what: `the event bus is of the org ${orgOfBus}, and the client of ${name} (${id})`,
      why: "Conversations of one org are not known to the other: every write is answered 404.",
      cure: "Deploy with the event source of this org, or give the client of that one.",
    }),
  ];
}

async function checkIntegration(options: OrgCheckDeps): Promise<readonly Finding[]> {
  const { region, account, busName } = options;
  const tell = about("EventBridge integration");
  const why = "Genesys Cloud's events arrive nowhere, or not here.";
  const all = await readIntegrations(options, [EVENTS_TYPE]);
  const suffix = busName?.startsWith("aws.partner/") ? busName.split("/").at(-1) : undefined;
  const ours = all.find(
    ({ config: { properties } }) =>
      properties.awsAccountRegion === region &&
      (account === undefined || properties.awsAccountId === account) &&
      (suffix === undefined || properties.eventSourceSuffix === suffix),
  );
  if (ours === undefined) {
    const told = all.map(targetOf).join("; ");
    const here = `account ${account ?? "?"}, region ${region}${suffix === undefined ? "" : `, suffix ${suffix}`}`;
    const what =
      all.length === 0
        ? "the org has none"
        : `none sends to ${here}, as the worker expects; there is ${told}`;
    const cure = `Make one ${HOW}; an integration that is there is better left: another account, region or suffix is another event source.`;
    return [tell.broken({ what, why, cure })];
  }
  if (!ours.enabled) {
    const cure = "Activate it in Admin > Integrations.";
    return [tell.broken({ what: `${ours.name} is not active`, why, cure })];
  }
  if (ours.reported === "ERROR") {
    const cure = "Its details in Admin > Integrations say which.";
    return [tell.broken({ what: `Genesys Cloud reports an error of ${ours.name}`, why, cure })];
  }
  return [tell.ok(targetOf(ours)), ...checkTopics(ours, await readTopics(options))];
}

function targetOf({ name, config: { properties } }: Integration): string {
  const { awsAccountId, awsAccountRegion, eventSourceSuffix } = properties;
  return `${name} to account ${String(awsAccountId)}, region ${String(awsAccountRegion)}, suffix ${String(eventSourceSuffix)}`;
}

/** [pure] Whether it sends each topic that the org can send. */
function checkTopics({ config }: Integration, offered: ReadonlySet<string>): readonly Finding[] {
  const tell = about("topics");
  const sent = topicsIn(config.properties);
  const missing = Object.values(topics).filter((topic) => !sent.includes(topic));
  const findings = missing.map((topic) => {
    if (!offered.has(topic)) return tell.ok(`${topic}: the org does not offer it to EventBridge`);
    const trouble = {
      what: `${topic} is not sent`,
      why: WITHOUT[topic] ?? "What it is for does not work.",
      cure: `Tick it in the integration's topic filter, ${HOW}.`,
    };
    return topic === topics.customerStart ? tell.broken(trouble) : tell.warning(trouble);
  });
  return findings.length > 0 ? findings : [tell.ok(`all ${sent.length} are sent`)];
}

const WITHOUT: Readonly<Record<string, string>> = {
  [topics.customerStart]: "Nothing is looked up at all.",
  [topics.customerEnd]: "Requests are spent on conversations that have ended.",
  [topics.contact]: "Who is recognised late stays without a history.",
  [topics.userStart]:
    "The head start before the agent is not known, and who is talking comes before who rings.",
  [topics.attributes]: "Whether a write took hold is not known.",
  [topics.userTokens]:
    "The first conversation after a quiet time waits for tokens and connections.",
  [topics.operations]: "Trouble that Genesys Cloud reports of itself is not heard.",
};
