import { InvalidPattern } from "./invalid-pattern.ts";
import { isObject, type Leaf, leavesOf, type Membership, NOWHERE, together } from "./leaves.ts";
import { type ValueTest, valueTest } from "./value-test.ts";

/** What each path has to be; all of them count. */
type Fields = ReadonlyMap<string, readonly ValueTest[]>;

/** A pattern means more than this many lists of fields only by mistake. */
const MOST_COMBINATIONS = 1_000;

/** Names that an object of a `$or` list may not give to a field (Event Ruler, "$or"). */
const RESERVED = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex
  not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before
  in-date-range ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * [pure] The test of an EventBridge event pattern (EventBridge, "Event patterns"), as AWS's reference
 * matcher answers: fields of objects in an array have to match within one element, `exists` is about
 * values and not about objects, and numbers are compared as doubles.
 * @throws {InvalidPattern} where AWS refuses the pattern, and for an operator that is not known
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
    // From before `$or` was an operator: where it makes no sense as one, it is the name of a field.
    try {
      return withObject(none, pattern, "", "nowhere");
    } catch {
      throw error;
    }
  }
}

/** Where `$or` is an operator, and whether a list of it is being read. */
type OrMode = "everywhere" | "nowhere" | "inside";

/** Adds what an object of the pattern asks for to each alternative. */
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
  if (after.length > MOST_COMBINATIONS) {
    throw new InvalidPattern(`$or makes more than ${MOST_COMBINATIONS} combinations`, path);
  }
  return after;
}

/** AWS looks at fields in the order of their names, which decides what an absent field is absent from. */
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

/** The places in the event's arrays where one more field matches, going on from a place. */
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
