import { GENESYS_SOURCES } from "./event-source-name.ts";

/**
 * The topic templates of Genesys Cloud that Ringahead handles. `detail-type` has them literally, with
 * `{id}`. The ids are only in `detail.topicName`.
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

/** Matches the field `source`: its value or its prefix. */
type SourceMatcher = string | { readonly prefix: string };

/** Matches a field of an event: at least one must match. */
type Matchers = readonly (
  | { readonly exists: boolean }
  | { readonly "anything-but": readonly string[] }
)[];

/** An EventBridge event pattern, with the parts of the language that the rules use. */
interface RulePattern {
  readonly source: readonly SourceMatcher[];
  readonly "detail-type": readonly string[];
  readonly detail?: { readonly eventBody: BodyPattern };
}

type BodyPattern =
  | { readonly mediaType: Matchers }
  | { readonly attributes: { readonly [name: string]: Matchers } };

/** An EventBridge rule whose target is the queue. The stack deploys it, and the sandbox uses it. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly pattern: RulePattern;
}

export interface RuleOptions {
  /** `ATTRIBUTE_PREFIX`, the prefix of the status attribute. */
  readonly attributePrefix: string;
  /** `REFERENCE_ATTRIBUTE`; undefined if no flow collects a reference. */
  readonly referenceAttribute?: string | undefined;
  /** By default every Genesys Cloud source of the account. */
  readonly source?: SourceMatcher;
}

const REFERENCE = "reference";
/** The name of the rule for references that flows collect. */
export const REFERENCE_RULE = `ringahead-${REFERENCE}`;

/** Media types without a customer whose history an agent needs. */
const MEDIA_WITHOUT_CUSTOMER = ["INTERNALMESSAGE", "SCREENMONITORING", "SCREENSHARE", "COBROWSE"];

/**
 * Matches events without a media type and with new media types too. `anything-but` alone does not match
 * events without the field.
 */
const customerMedia: BodyPattern = {
  mediaType: [{ "anything-but": MEDIA_WITHOUT_CUSTOMER }, { exists: false }],
};

/**
 * [pure] One rule a topic: an event matches at most one of them, CloudWatch counts each topic
 * separately, and each topic can be disabled on its own. If flows collect references, the topic
 * `attributes` has a second rule, for the events that hold a reference and none of our attributes.
 */
export function rulesFor(options: RuleOptions): readonly Rule[] {
  const source = [options.source ?? { prefix: GENESYS_SOURCES }];
  const { referenceAttribute: reference } = options;
  const status = `${options.attributePrefix}status`;
  const statusOnly: BodyPattern = { attributes: { [status]: [{ exists: true }] } };

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
      "A customer's session started: look up the history.",
      customerMedia,
    ),
    rule(
      "customer-end",
      topics.customerEnd,
      "A customer's session ended: drop pending work.",
      customerMedia,
    ),
    rule(
      "contact",
      topics.contact,
      "An external contact was found: try again to identify the customer.",
      customerMedia,
    ),
    rule(
      "user-start",
      topics.userStart,
      "An agent connected: measure the head start.",
      customerMedia,
    ),
    rule(
      "attributes",
      topics.attributes,
      "Our attributes were set: confirm the write.",
      statusOnly,
    ),
    ...(reference === undefined
      ? []
      : [
          rule(
            REFERENCE,
            topics.attributes,
            "A flow collected a reference: try again to identify the customer.",
            { attributes: { [reference]: [{ exists: true }], [status]: [{ exists: false }] } },
          ),
        ]),
    rule("user-tokens", topics.userTokens, "An agent signed in: open connections."),
    rule("operations", topics.operations, "Genesys Cloud reports a problem."),
  ];
}
