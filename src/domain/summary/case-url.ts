import { MAX_VALUE_LENGTH } from "./limits.ts";

/** What a link can be made of. */
export interface CaseUrlValues {
  readonly customerId: string;
  /** Absent where the customer has no case. */
  readonly caseNumber: string | undefined;
}

/**
 * The link of `template`, with `{caseNumber}` and `{customerId}` filled in and URL-encoded. Undefined
 * where a value is missing, a placeholder is unknown, the scheme is neither https nor http, or the
 * link is too long to be written whole: a link cut short leads to the wrong place.
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
