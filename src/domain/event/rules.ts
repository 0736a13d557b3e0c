import { GENESYS_SOURCES } from "./event-source-name.ts";

/**
 * Genesys Cloud's topic templates that Ringahead handles. EventBridge carries them in `detail-type`
 * as they stand here, with the literal `{id}`; the ids are in `detail.topicName` only.
 */
export const topics = {
  customerStart: "v2.detail.events.conversation.{id}.customer.start",
  customerEnd: "v2.detail.events.conversation.{id}.customer.end",
  contact: "v2.detail.events.conversation.{id}.contact",
  attributes: "v2.detail.events.conversation.{id}.attributes",
  userStart: "v2.detail.events.conversation.{id}.user.start",
  userTokens: "v2.users.{id}.tokens",
  operations: "v2.operations.events.{id}",
} as const;

/** The value of `source` that is let through, or what it begins with. */
export type SourceMatcher = string | { readonly prefix: string };

/** What a field of an event has to be; one of several suffices. */
type Matchers = readonly (
  | { readonly exists: boolean }
  | { readonly "anything-but": readonly string[] }
)[];

/** An event pattern, as far as Ringahead's own rules need the language. */
export interface RulePattern {
  readonly source: readonly SourceMatcher[];
  readonly "detail-type": readonly string[];
  readonly detail?: { readonly eventBody: BodyPattern };
}

type BodyPattern =
  | { readonly mediaType: Matchers }
  | { readonly attributes: { readonly [name: string]: Matchers } };

/** An EventBridge rule whose target is the queue: the same one is deployed and used in the sandbox. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly pattern: RulePattern;
}

export interface RuleOptions {
  /** As in `ATTRIBUTE_PREFIX`: it decides what our status attribute is called. */
  readonly attributePrefix: string;
  /** Any of the account's Genesys Cloud sources unless told. */
  readonly source?: SourceMatcher;
}

/** Media without a customer whose history an agent could want before answering. */
const MEDIA_WITHOUT_CUSTOMER = ["INTERNALMESSAGE", "SCREENMONITORING", "SCREENSHARE", "COBROWSE"];

/**
 * An event that names no media type has to pass, and so has one that did not exist when this was
 * written; `anything-but` alone refuses events without the field.
 */
const customerMedia: BodyPattern = {
  mediaType: [{ "anything-but": MEDIA_WITHOUT_CUSTOMER }, { exists: false }],
};

/**
 * [pure] The rules, one a topic, so that an event matches one of them at most, CloudWatch counts
 * each topic by itself, and one topic can be switched off without the others.
 */
export function rulesFor(options: RuleOptions): readonly Rule[] {
  const source = [options.source ?? { prefix: GENESYS_SOURCES }];
  const statusOnly: BodyPattern = {
    attributes: { [`${options.attributePrefix}status`]: [{ exists: true }] },
  };

  function rule(name: string, topic: string, description: string, eventBody?: BodyPattern): Rule {
    const pattern = { source, "detail-type": [topic] };
    return {
      name: `ringahead-${name}`,
      description,
      pattern: eventBody === undefined ? pattern : { ...pattern, detail: { eventBody } },
    };
  }

  return [
    rule(
      "customer-start",
      topics.customerStart,
      "A customer is there: the history is fetched.",
      customerMedia,
    ),
    rule(
      "customer-end",
      topics.customerEnd,
      "A customer has gone: what is still pending is dropped.",
      customerMedia,
    ),
    rule(
      "contact",
      topics.contact,
      "An external contact was found later: one more try to identify the customer.",
      customerMedia,
    ),
    rule(
      "user-start",
      topics.userStart,
      "An agent has answered: the head start is measured.",
      customerMedia,
    ),
    rule(
      "attributes",
      topics.attributes,
      "Attributes were written, ours among them: the write is confirmed.",
      statusOnly,
    ),
    rule("user-tokens", topics.userTokens, "An agent has signed in: connections are made warm."),
    rule("operations", topics.operations, "Genesys Cloud reports trouble of its own."),
  ];
}
