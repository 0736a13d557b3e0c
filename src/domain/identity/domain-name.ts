import { domainToASCII, domainToUnicode } from "node:url";

const MAX_LENGTH = 253;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const ASCII_DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$`);
/**
 * Alphabetic signs, digits, marks, hyphens, dots and the two joiners. `domainToASCII` reads its argument like the host
 * of a URL: it would decode `%` and stop at `/`.
 */
const UNICODE_DOMAIN = /^(?:[\p{L}\p{M}\p{Nd}.\-\u3002\uff0e\uff61]|\u200c|\u200d)+$/u;

/** The domain of a mailbox. */
export interface DomainName {
  /** As DNS has it: ASCII, lower case, without the root's dot. */
  readonly ascii: string;
  /** For people: labels that begin with `xn--` in their own script. */
  readonly unicode: string;
}

/**
 * [pure] Reads a domain of two labels or more, internationalised ones included (UTS #46, as browsers do).
 * Undefined if it is anything else, such as an IP address.
 */
export function readDomain(text: string): DomainName | undefined {
  const dotted = text.replace(/[.\u3002\uff0e\uff61]$/u, "");
  const ascii = asciiOf(dotted);
  if (ascii === undefined || ascii.length > MAX_LENGTH || !ASCII_DOMAIN.test(ascii)) {
    return undefined;
  }
  const unicode = ascii.includes("xn--") ? domainToUnicode(ascii) : ascii;
  return { ascii, unicode: UNICODE_DOMAIN.test(unicode) ? unicode : ascii };
}

function asciiOf(text: string): string | undefined {
  if (/^[a-z0-9.-]+$/i.test(text)) return text.toLowerCase();
  return UNICODE_DOMAIN.test(text) ? domainToASCII(text) : undefined;
}
