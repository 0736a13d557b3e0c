import { isIPv4, isIPv6 } from "node:net";

/** [pure] An IP address cut to its network: it identifies no person. */
export function maskAddress(address: string | undefined): string {
  if (address === undefined) return "unknown";
  if (isIPv4(address)) return `${address.split(".").slice(0, 3).join(".")}.x`;
  if (isIPv6(address)) return `${address.split(":").slice(0, 2).join(":")}:x`;
  return "masked";
}

/**
 * [pure] Whether an operations event reports that an API limit was reached. Genesys documents the
 * fields, not their values: any value that names a rate limit or throttling counts.
 */
export function mentionsRateLimit(...words: readonly (string | undefined)[]): boolean {
  return words.some((word) =>
    /rate[._-]?(limit|per)|too[._-]?many[._-]?requests|throttl/i.test(word ?? ""),
  );
}
