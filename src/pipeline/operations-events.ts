import { isIPv4, isIPv6 } from "node:net";

/** [pure] Enough of an IP address to tell a network, too little to tell a person. */
export function maskAddress(address: string | undefined): string {
  if (address === undefined) return "unknown";
  if (isIPv4(address)) return `${address.split(".").slice(0, 3).join(".")}.x`;
  if (isIPv6(address)) return `${address.split(":").slice(0, 2).join(":")}:x`;
  return "masked";
}

/**
 * [pure] Whether an operations event tells of an API limit that was reached. Genesys documents the
 * fields, not their words: anything that speaks of a rate limit or of throttling is taken so.
 */
export function mentionsRateLimit(...words: readonly (string | undefined)[]): boolean {
  return words.some((word) =>
    /rate[._-]?(limit|per)|too[._-]?many[._-]?requests|throttl/i.test(word ?? ""),
  );
}
