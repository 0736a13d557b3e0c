/** The topic templates that Ringahead listens to, as `detail-type` has them: `{id}` is literal. */
export const topics = {
  customerStart: "v2.detail.events.conversation.{id}.customer.start",
  customerEnd: "v2.detail.events.conversation.{id}.customer.end",
  contact: "v2.detail.events.conversation.{id}.contact",
  attributes: "v2.detail.events.conversation.{id}.attributes",
  userStart: "v2.detail.events.conversation.{id}.user.start",
  userTokens: "v2.users.{id}.tokens",
  operations: "v2.operations.events.{id}",
} as const;

/** An EventBridge rule: what it lets through to the queue. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /** An event pattern (Amazon EventBridge, "Event patterns"). */
  readonly pattern: Readonly<Record<string, unknown>>;
}

export interface RuleOptions {
  /** What our attributes' names begin with: only our own writes come back as confirmations. */
  readonly attributePrefix: string;
}

const source = [{ prefix: "aws.partner/genesys.com" }];

/**
 * Media that no customer speaks through; they cost no message. The field may be missing, and a
 * medium that is not known here passes.
 */
const media = [
  { exists: false },
  { "anything-but": ["INTERNALMESSAGE", "SCREENMONITORING", "SCREENSHARE", "COBROWSE"] },
];

/** [pure] The rules of the deployed stack and of the sandbox: one definition for both. */
export function rulesFor({ attributePrefix }: RuleOptions): readonly Rule[] {
  return [
    {
      name: "ringahead-customers",
      description: "A customer's session starts or ends, or its external contact is found",
      pattern: {
        source,
        "detail-type": [topics.customerStart, topics.customerEnd, topics.contact],
        detail: { eventBody: { mediaType: media } },
      },
    },
    {
      name: "ringahead-agents",
      description: "An agent connects to a conversation",
      pattern: {
        source,
        "detail-type": [topics.userStart],
        detail: { eventBody: { mediaType: media } },
      },
    },
    {
      name: "ringahead-confirmations",
      description: "Genesys Cloud confirms attributes that Ringahead wrote",
      pattern: {
        source,
        "detail-type": [topics.attributes],
        detail: { eventBody: { attributes: { [`${attributePrefix}status`]: [{ exists: true }] } } },
      },
    },
    {
      name: "ringahead-operations",
      description: "An agent signs in, or Genesys Cloud reports trouble of its own",
      pattern: { source, "detail-type": [topics.userTokens, topics.operations] },
    },
  ];
}
