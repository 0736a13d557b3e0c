import { topics } from "../../../domain/event/rules.ts";
import type { CurrentState, Integration } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { type Properties, planIntegration } from "./integration.ts";
import { blocked, type CreatedIds, type Step } from "./step.ts";

export const EVENTS_TYPE = "amazon-eventbridge-source";

/** [pure] The Amazon EventBridge integration: account, region, and the topics that the org offers. */
export function planEvents(current: CurrentState, desired: DesiredState, ids: CreatedIds): Step {
  const { account, region, suffix } = desired.aws;
  const name = `${desired.name} events`;
  const thing = `integration ${name}`;
  const offered = Object.values(topics).filter((topic) => current.topics.has(topic));
  const missing = Object.values(topics).filter((topic) => !current.topics.has(topic));
  if (!offered.includes(topics.customerStart)) {
    return blocked(
      thing,
      `the org does not offer ${topics.customerStart} to EventBridge`,
      "Ask Genesys support for this topic: without it, no lookup is made before the agent answers.",
    );
  }
  const candidates = current.integrations.filter(({ type }) => type === EVENTS_TYPE);
  const existing =
    candidates.find((one) => one.name === name) ??
    candidates.find(({ config }) => config.properties.eventSourceSuffix === suffix);
  const differences = existing && differentTarget(existing, desired.aws);
  if (existing && differences) {
    return blocked(
      thing,
      `${existing.name} sends elsewhere: ${differences}. Changing that would end its event source, and what it sends would be lost`,
      "Check --aws-account, --aws-region and --suffix. For a second installation, give another --name and --suffix.",
    );
  }
  return planIntegration(current, ids, existing, {
    type: EVENTS_TYPE,
    name: existing?.name ?? name,
    details: [
      `Amazon EventBridge: account ${account}, region ${region}, event source …/${suffix}`,
      ...offered.map((topic) => `sends ${topic}`),
      ...missing.map((topic) => `does not send ${topic}: the org does not offer it to EventBridge`),
    ],
    properties: (_, existingProperties) => ({
      ...existingProperties,
      awsAccountId: account,
      awsAccountRegion: region,
      eventSourceSuffix: suffix,
      eventFilter: [...new Set([...topicsIn(existingProperties), ...offered])],
    }),
    credential: undefined,
  });
}

/** [pure] Undefined if the destination is the same or not configured yet. */
function differentTarget({ config }: Integration, aws: DesiredState["aws"]): string | undefined {
  const differences = [
    ["awsAccountId", aws.account],
    ["awsAccountRegion", aws.region],
    ["eventSourceSuffix", aws.suffix],
  ].flatMap(([property = "", value]) => {
    const existing = config.properties[property];
    return existing === undefined || existing === "" || existing === value
      ? []
      : [`${property} is ${String(existing)}, not ${value}`];
  });
  return differences.length === 0 ? undefined : differences.join(", ");
}

/** [pure] The topics that an integration sends. */
export function topicsIn({ eventFilter }: Properties): readonly string[] {
  return Array.isArray(eventFilter)
    ? eventFilter.filter((topic): topic is string => typeof topic === "string")
    : [];
}
