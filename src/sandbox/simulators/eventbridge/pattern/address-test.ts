import { BlockList, isIP } from "node:net";
import { InvalidPattern } from "./invalid-pattern.ts";
import type { TextTest } from "./text-test.ts";

type Family = "ipv4" | "ipv6";

/**
 * [pure] A test for addresses inside a CIDR block. It ignores bits after the mask.
 * @throws {InvalidPattern} if the text is not a block, or a block of a single address
 */
export function cidrTest(cidr: string, path: string): TextTest {
  const [address = "", bits = "", ...more] = cidr.split("/");
  const family = familyOf(address);
  if (more.length > 0 || !cidr.includes("/")) {
    throw new InvalidPattern("Malformed CIDR, one '/' required", path);
  }
  if (!/^\d{1,3}$/.test(bits)) {
    throw new InvalidPattern("Malformed CIDR, mask bits must be an integer", path);
  }
  if (family === undefined) throw new InvalidPattern(`Nonstandard IP address: ${address}`, path);
  const most = family === "ipv4" ? 31 : 127;
  if (Number(bits) > most) {
    throw new InvalidPattern(`${family} mask bits must be < ${most + 1}`, path);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return (text) => isIn(block, family, text);
}

/** [pure] A test for one address in any notation. Undefined if the text is not an address. */
export function addressTest(address: string): TextTest | undefined {
  const family = familyOf(address);
  if (family === undefined) return undefined;
  const block = new BlockList();
  block.addAddress(address, family);
  return (text) => isIn(block, family, text);
}

function isIn(block: BlockList, family: Family, text: string): boolean {
  const own = familyOf(text);
  // An IPv6 address may represent an IPv4 address. An IPv4 address is never in an IPv6 block.
  return own !== undefined && (own === family || own === "ipv6") && block.check(text, own);
}

function familyOf(text: string): Family | undefined {
  if (isIP(text) === 4) return "ipv4";
  // EventBridge treats addresses with a zone or a dotted end as plain text.
  return isIP(text) === 6 && /^[\da-f:]+$/i.test(text) ? "ipv6" : undefined;
}
