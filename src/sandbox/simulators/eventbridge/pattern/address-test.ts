import { BlockList, isIP } from "node:net";
import { InvalidPattern } from "./invalid-pattern.ts";
import type { TextTest } from "./text-test.ts";

type Family = "ipv4" | "ipv6";

/**
 * [pure] A test for addresses inside a block; bits behind the mask are of no account.
 * @throws {InvalidPattern} for what is no block, and for one of a single address
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

/** [pure] A test for one address however it is written; undefined for a text that is no address. */
export function addressTest(address: string): TextTest | undefined {
  const family = familyOf(address);
  if (family === undefined) return undefined;
  const block = new BlockList();
  block.addAddress(address, family);
  return (text) => isIn(block, family, text);
}

function isIn(block: BlockList, family: Family, text: string): boolean {
  const own = familyOf(text);
  // An IPv6 address may stand for one of IPv4, but the IPv4 ones are in no block of IPv6.
  return own !== undefined && (own === family || own === "ipv6") && block.check(text, own);
}

function familyOf(text: string): Family | undefined {
  if (isIP(text) === 4) return "ipv4";
  // Without zone or dotted tail: EventBridge takes those for plain texts.
  return isIP(text) === 6 && /^[\da-f:]+$/i.test(text) ? "ipv6" : undefined;
}
