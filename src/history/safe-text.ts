declare const brand: unique symbol;

/** Text that may be shown to an agent and kept with a conversation: see {@link safeText}. */
export type SafeText = string & { readonly [brand]: "SafeText" };

/** To be written: masks and shortens. */
export function safeText(raw: string, maxLength: number): SafeText {
  return raw.slice(0, maxLength) as SafeText;
}
