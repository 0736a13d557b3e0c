import { MAX_VALUE_LENGTH } from "./limits.ts";

/** The values of the placeholders. */
export interface CaseUrlValues {
  readonly customerId: string;
  /** Undefined if the customer has no case. */
  readonly caseNumber: string | undefined;
}

/**
 * [pure] `template` with the URL-encoded values of `{caseNumber}` and `{customerId}`. Undefined if a value
 * is missing, a placeholder is unknown, the scheme is not https or http, or the link is longer than an
 * attribute: a shortened link would be wrong.
 */
export function caseUrl(template: string, values: CaseUrlValues): string | undefined {
  const filled = template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = new Map(Object.entries(values)).get(name);
    return value ? encodeURIComponent(value) : placeholder;
  });
  if (/[{}]/.test(filled) || !URL.canParse(filled)) return undefined;
  const { href, protocol } = new URL(filled);
  const web = protocol === "https:" || protocol === "http:";
  return web && href.length <= MAX_VALUE_LENGTH ? href : undefined;
}
