import { InvalidPattern } from "./invalid-pattern.ts";
import { isObject, type Leaf, leavesOf, type Membership, NOWHERE, together } from "./leaves.ts";
import { type ValueTest, valueTest } from "./value-test.ts";

/** The tests of each path. All paths must pass. */
type Fields = ReadonlyMap<string, readonly ValueTest[]>;

/** A pattern with more combinations of `$or` is considered a mistake. */
const MAX_COMBINATIONS = 1_000;

/** Names that fields inside a `$or` list must not have (Event Ruler, "$or"). */
const RESERVED = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex
  not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before
  in-date-range ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * [pure] The test of an EventBridge event pattern ("Event patterns"), with the results of AWS's reference
 * matcher: fields of objects in an array must match within one element, `exists` tests values and not
 * objects, and numbers are compared as doubles.
 * @throws {InvalidPattern} if AWS refuses the pattern, or if an operator is unknown
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  const alternatives = alternativesOf(pattern).map(sorted);
  return (event) => {
    if (!isObject(event)) return false;
    const leaves = leavesOf(event);
    return alternatives.some((fields) => matches(fields, leaves));
  };
}

function alternativesOf(pattern: unknown): readonly Fields[] {
  if (!isObject(pattern)) throw new InvalidPattern("Filter is not an object", "");
  const none: readonly Fields[] = [new Map()];
  try {
    return withObject(none, pattern, "", "everywhere");
  } catch (error) {
    // Older patterns use `$or` as a field name: it is one if it is not valid as an operator.
    try {
      return withObject(none, pattern, "", "nowhere");
    } catch {
      throw error;
    }
  }
}

/** Where `$or` is an operator. `inside`: a `$or` list is being read. */
type OrMode = "everywhere" | "nowhere" | "inside";

/** Adds the fields of an object of the pattern to each alternative. */
function withObject(
  before: readonly Fields[],
  object: object,
  path: string,
  or: OrMode,
): readonly Fields[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw new InvalidPattern("Empty objects are not allowed", path);
  return entries.reduce((fields, [name, value]) => {
    if (name === "$or" && or !== "nowhere") return withEither(fields, value, path);
    if (or === "inside" && RESERVED.has(name)) {
      throw new InvalidPattern(`${name} cannot be used as a field inside $or`, path);
    }
    return withField(fields, value, path === "" ? name : `${path}.${name}`, or);
  }, before);
}

function withField(
  before: readonly Fields[],
  value: unknown,
  path: string,
  or: OrMode,
): readonly Fields[] {
  if (isObject(value)) return withObject(before, value, path, or);
  if (!Array.isArray(value)) {
    throw new InvalidPattern(`"${path}" must be an object or an array`, path);
  }
  if (value.length === 0) throw new InvalidPattern("Empty arrays are not allowed", path);
  const tests = value.map((member) => valueTest(member, path));
  return before.map((fields) => new Map([...fields, [path, tests]]));
}

function withEither(before: readonly Fields[], value: unknown, path: string): readonly Fields[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw new InvalidPattern("$or must be an array of at least 2 objects", path);
  }
  const after = value.flatMap((object) => withObject(before, object, path, "inside"));
  if (after.length > MAX_COMBINATIONS) {
    throw new InvalidPattern(`$or makes more than ${MAX_COMBINATIONS} combinations`, path);
  }
  return after;
}

/** AWS tests fields in the order of their names. The order decides in which element a field is absent. */
function sorted(fields: Fields): Fields {
  return new Map([...fields].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function matches(fields: Fields, leaves: ReadonlyMap<string, readonly Leaf[]>): boolean {
  let places: readonly Membership[] = [NOWHERE];
  for (const [path, tests] of fields) {
    const here = leaves.get(path) ?? [];
    places = distinct(places.flatMap((place) => placesOf(here, tests, place)));
  }
  return places.length > 0;
}

/** The elements of the event's arrays in which one more field matches, starting from a place. */
function placesOf(
  leaves: readonly Leaf[],
  tests: readonly ValueTest[],
  place: Membership,
): readonly Membership[] {
  const found: Membership[] = [];
  let absent = true;
  for (const { value, within } of leaves) {
    const next = together(place, within);
    if (next === undefined) continue;
    absent = false;
    if (tests.some((test) => test !== "absent" && test(value))) found.push(next);
  }
  return absent && tests.includes("absent") ? [place] : found;
}

function distinct(places: readonly Membership[]): readonly Membership[] {
  const key = (place: Membership) =>
    JSON.stringify([...place].sort(([one], [other]) => one - other));
  return [...new Map(places.map((place) => [key(place), place])).values()];
}
