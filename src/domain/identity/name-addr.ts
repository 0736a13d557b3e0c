import { visible } from "./plain-text.ts";

/**
 * [pure] The address in a text such as `"Doe, Jane" <jane@example.com>` or `<sip:…@host>;tag=1`, otherwise
 * the whole text. Undefined if the text has more than one address. Signs in quotes count for nothing.
 */
export function bareAddress(text: string): string | undefined {
  // A quotation mark that nothing closes is part of a name.
  const unquoted = text.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) => "_".repeat(quoted.length));
  if (!/<.*>/s.test(unquoted)) return text.trim();
  const [, before = "", within, after = ""] = /^([^<>]*)<([^<>]*)>([^<>]*)$/.exec(unquoted) ?? [];
  if (within === undefined) return undefined;
  const address = text.slice(before.length + 1, before.length + 1 + within.length).trim();
  const isAlone = /^\s*(?:[;,][^@]*)?$/.test(after);
  return isAlone && !namesAnother(before, address) ? address : undefined;
}

/** Whether the name before the brackets has another address: it may be somebody else's. */
function namesAnother(name: string, address: string): boolean {
  const own = address.replace(/^mailto:/i, "").toLowerCase();
  const words = visible(name)
    .toLowerCase()
    .split(/[\s,;'"()]+/);
  return words.some((word) => word.includes("@") && word !== own);
}
