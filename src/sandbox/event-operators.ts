import { BlockList, isIPv4, isIPv6 } from "node:net";
import { isScalar, type Scalar } from "./event-fields.ts";

/** An event pattern that EventBridge would refuse, or an operator that the sandbox does not know. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
  constructor(why: string, path: string) {
    super(`Event pattern is not valid. Reason: ${why} at "${path}"`);
  }
}

/** Whether a leaf's value matches. */
export type ValueTest = (value: Scalar) => boolean;

/** What one entry of a pattern's list asks of a field. */
export type Matcher =
  | { readonly kind: "value"; readonly test: ValueTest }
  | { readonly kind: "absent" };

/** One operator: its operand to a test. Throws {@link InvalidPattern}. */
type Operator = (operand: unknown, path: string) => ValueTest;

/**
 * [pure] Compiles one entry of a pattern's list: a value, or an object with one operator.
 * @throws {InvalidPattern}
 */
export function compileMatcher(entry: unknown, path: string): Matcher {
  if (isScalar(entry)) return { kind: "value", test: (value) => value === entry };
  const [name, operand] = single(entry, path);
  if (name === "exists") {
    if (typeof operand !== "boolean") throw new InvalidPattern("exists must be true/false", path);
    return operand ? { kind: "value", test: () => true } : { kind: "absent" };
  }
  const operator = operators[name];
  if (operator === undefined) throw new InvalidPattern(`Unrecognized match type ${name}`, path);
  return { kind: "value", test: operator(operand, path) };
}

const operators: Readonly<Record<string, Operator>> = {
  prefix: textOrIgnoringCase((value, operand) => value.startsWith(operand)),
  suffix: textOrIgnoringCase((value, operand) => value.endsWith(operand)),
  "equals-ignore-case": (operand, path) => {
    const wanted = fold(text(operand, path));
    return (value) => typeof value === "string" && fold(value) === wanted;
  },
  wildcard: (operand, path) => {
    const pattern = wildcardPattern(text(operand, path), path);
    return (value) => typeof value === "string" && pattern.test(value);
  },
  "anything-but": anythingBut,
  numeric,
  cidr,
};

function textOrIgnoringCase(test: (value: string, operand: string) => boolean): Operator {
  return (operand, path) => {
    if (typeof operand === "string") {
      return (value) => typeof value === "string" && test(value, operand);
    }
    const [name, inner] = single(operand, path);
    if (name !== "equals-ignore-case") throw new InvalidPattern(`Unexpected ${name}`, path);
    const wanted = fold(text(inner, path));
    return (value) => typeof value === "string" && test(fold(value), wanted);
  };
}

/** Operators that may stand inside `anything-but`, with one operand or a list of them. */
const BUT = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

function anythingBut(operand: unknown, path: string): ValueTest {
  const listed: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (listed.length === 0) throw new InvalidPattern("Empty arrays are not allowed", path);
  const refused = new Set(listed);
  if (listed.every((entry) => typeof entry === "string" || typeof entry === "number")) {
    return (value) => !refused.has(value);
  }
  if (Array.isArray(operand) || isScalar(operand)) {
    throw new InvalidPattern("anything-but takes strings or numbers", path);
  }
  const [name, inner] = single(operand, path);
  const operator = BUT.includes(name) ? operators[name] : undefined;
  if (operator === undefined) throw new InvalidPattern(`Unsupported anything-but ${name}`, path);
  const entries: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  if (entries.length === 0 || entries.includes("")) {
    throw new InvalidPattern("Null or empty values are not allowed in anything-but", path);
  }
  const tests = entries.map((entry) => operator(text(entry, path), path));
  return (value) => !tests.some((test) => test(value));
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** One comparison, or a range with its lower bound first. */
function numeric(operand: unknown, path: string): ValueTest {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const [first, low, second, high] = parts;
  const lower = comparison(first, low, path);
  if (parts.length === 2) return (value) => typeof value === "number" && lower(value);
  const isRange =
    /^>/.test(String(first)) && /^</.test(String(second)) && Number(low) < Number(high);
  if (parts.length !== 4 || !isRange) throw new InvalidPattern("Bad numeric range", path);
  const upper = comparison(second, high, path);
  return (value) => typeof value === "number" && lower(value) && upper(value);
}

function comparison(name: unknown, bound: unknown, path: string): (value: number) => boolean {
  const compare = comparisons[String(name)];
  if (compare === undefined || typeof bound !== "number") {
    throw new InvalidPattern("Bad numeric comparison", path);
  }
  return (value) => compare(value, bound);
}

function cidr(operand: unknown, path: string): ValueTest {
  const [address = "", mask = ""] = text(operand, path).split("/");
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  const longest = family === "ipv4" ? 31 : 127;
  const valid = (isIPv4(address) || isIPv6(address)) && /^\d{1,3}$/.test(mask);
  if (!valid || Number(mask) > longest) throw new InvalidPattern("Malformed CIDR", path);
  const block = new BlockList();
  block.addSubnet(address, Number(mask), family);
  const isAddress = family === "ipv4" ? isIPv4 : isIPv6;
  return (value) => typeof value === "string" && isAddress(value) && block.check(value, family);
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcardPattern(wildcard: string, path: string): RegExp {
  if (/\*\*/.test(wildcard.replaceAll(/\\./g, ""))) {
    throw new InvalidPattern("Consecutive wildcard characters", path);
  }
  const source = wildcard.replaceAll(/\\(.?)|\*|[^\\*]+/gs, (part, escaped: string | undefined) => {
    if (part === "*") return ".*";
    if (escaped === undefined) return literally(part);
    if (escaped !== "*" && escaped !== "\\") throw new InvalidPattern("Invalid escape", path);
    return literally(escaped);
  });
  return new RegExp(`^${source}$`, "s");
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The one key of an operator's object, and its operand. */
function single(entry: unknown, path: string): [string, unknown] {
  const entries = typeof entry === "object" && entry !== null ? Object.entries(entry) : [];
  const [only] = entries;
  if (only === undefined || entries.length !== 1 || Array.isArray(entry)) {
    throw new InvalidPattern("Only one key allowed in match expression", path);
  }
  return only;
}

function text(operand: unknown, path: string): string {
  if (typeof operand !== "string") throw new InvalidPattern("Operand must be a string", path);
  return operand;
}

function fold(value: string): string {
  return value.toLowerCase();
}
