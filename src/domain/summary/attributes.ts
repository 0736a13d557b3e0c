/** The values of one write, by attribute name. */
export type Attributes = Readonly<Record<string, string>>;

/** The attribute names without prefix. */
export type AttributeName =
  | "status"
  | "customer_id"
  | "account"
  | "customer_name"
  | "open_cases"
  | "last_case"
  | "history"
  | "summary"
  | "case_url"
  | "matched_by"
  | "as_of";
