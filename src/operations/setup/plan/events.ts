import { topics } from "../../../domain/event/rules.ts";
import type { CurrentState, Integration } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { type Properties, planIntegration } from "./integration.ts";
import { blocked, type CreatedIds, type Step } from "./step.ts";

export const EVENTS_TYPE = "amazon-eventbridge-source";

/** [pure] The Amazon EventBridge integration: to this account and region, with the topics that the org has. */
export function planEvents(picture: CurrentState, wish: DesiredState, made: CreatedIds): Step {
  const { account, region, suffix } = wish.aws;
  const name = `${wish.name} events`;
  const thing = `integration ${name}`;
  const offered = Object.values(topics).filter((topic) => picture.topics.has(topic));
  const refused = Object.values(topics).filter((topic) => !picture.topics.has(topic));
  if (!offered.includes(topics.customerStart)) {
    return blocked(
      thing,
      `the org does not offer ${topics.customerStart} to EventBridge`,
      "Ask Genesys' support for it: without this topic nothing can be looked up before the agent answers.",
    );
  }
  const there = picture.integrations.filter(({ type }) => type === EVENTS_TYPE);
  const existing =
    there.find((one) => one.name === name) ??
    there.find(({ config }) => config.properties.eventSourceSuffix === suffix);
  const elsewhere = existing && differentTarget(existing, wish.aws);
  if (existing && elsewhere) {
    return blocked(
      thing,
      `${existing.name} sends elsewhere: ${elsewhere}. Changing that would end its event source and lose what it sends`,
      "Is it the right account and region (--aws-account, --aws-region, --suffix)? For a second installation give another --name and --suffix.",
    );
  }
  return planIntegration(picture, made, existing, {
    type: EVENTS_TYPE,
    name: existing?.name ?? name,
    told: [
      `Amazon EventBridge: account ${account}, region ${region}, event source …/${suffix}`,
      ...offered.map((topic) => `sends ${topic}`),
      ...refused.map((topic) => `does not send ${topic}: the org does not offer it to EventBridge`),
    ],
    properties: (_, before) => ({
      ...before,
      awsAccountId: account,
      awsAccountRegion: region,
      eventSourceSuffix: suffix,
      eventFilter: [...new Set([...topicsIn(before), ...offered])],
    }),
    credential: undefined,
  });
}

/** [pure] What is different about where it sends; undefined where nothing is, or it is not yet configured. */
function differentTarget({ config }: Integration, wanted: DesiredState["aws"]): string | undefined {
  const differences = [
    ["awsAccountId", wanted.account],
    ["awsAccountRegion", wanted.region],
    ["eventSourceSuffix", wanted.suffix],
  ].flatMap(([property = "", value]) => {
    const is = config.properties[property];
    return is === undefined || is === "" || is === value
      ? []
      : [`${property} is ${String(is)}, not ${value}`];
  });
  return differences.length === 0 ? undefined : differences.join(", ");
}

/** [pure] The topics that an integration's configuration names. */
export function topicsIn({ eventFilter }: Properties): readonly string[] {
  return Array.isArray(eventFilter)
    ? eventFilter.filter((topic): topic is string => typeof topic === "string")
    : [];
}
