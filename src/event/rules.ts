export const topics = {
  customerStart: "v2.detail.events.conversation.{id}.customer.start",
  customerEnd: "v2.detail.events.conversation.{id}.customer.end",
  contact: "v2.detail.events.conversation.{id}.contact",
  attributes: "v2.detail.events.conversation.{id}.attributes",
  userStart: "v2.detail.events.conversation.{id}.user.start",
  userTokens: "v2.users.{id}.tokens",
  operations: "v2.operations.events.{id}",
} as const;
