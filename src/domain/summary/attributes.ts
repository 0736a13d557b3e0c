/** The values of one write, by attribute name. */
export type Attributes = Readonly<Record<string, string>>;

/** The names of the attributes that are written, without prefix. */
export const attributeNames = [
  "status",
  "customer_id",
  "account",
  "customer_name",
  "open_cases",
  "last_case",
  "history",
  "summary",
  "case_url",
  "matched_by",
  "as_of",
] as const;

export type AttributeName = (typeof attributeNames)[number];
