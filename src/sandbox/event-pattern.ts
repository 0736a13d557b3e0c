import { consistent, type Field, fieldsOf } from "./event-fields.ts";
import { compileMatcher, InvalidPattern, type Matcher } from "./event-operators.ts";

/** What a pattern asks of one path: any of these matchers. */
interface Condition {
  readonly path: string;
  readonly anyOf: readonly Matcher[];
}

/** All conditions of one alternative have to hold. */
type Alternative = readonly Condition[];

/**
 * [pure] Compiles an EventBridge event pattern (Amazon EventBridge, "Event patterns"): exact values,
 * `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `numeric`, `exists`, `cidr`
 * and `$or`. Any other operator is refused by name.
 * @throws {InvalidPattern}
 */
export function compilePattern(pattern: unknown): (event: unknown) => boolean {
  const alternatives = compileObject(pattern, "");
  return (event) => {
    const fields = fieldsOf(event);
    return alternatives.some((conditions) => holds(conditions, fields, []));
  };
}

function compileObject(pattern: unknown, path: string): readonly Alternative[] {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern)) {
    throw new InvalidPattern("Filter must be an object", path);
  }
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPattern("Empty objects are not allowed", path);
  return entries
    .map(([key, value]) => compileKey(key, value, path))
    .reduce((all, one) => all.flatMap((left) => one.map((right) => [...left, ...right])));
}

function compileKey(key: string, value: unknown, outer: string): readonly Alternative[] {
  const path = outer === "" ? key : `${outer}.${key}`;
  if (!Array.isArray(value)) return compileObject(value, path);
  if (value.length === 0) throw new InvalidPattern("Empty arrays are not allowed", path);
  if (key === "$or" && value.length > 1) {
    return value.flatMap((alternative) => compileObject(alternative, outer));
  }
  return [[{ path, anyOf: value.map((entry) => compileMatcher(entry, path)) }]];
}

/** Whether leaves can be chosen that meet all conditions and do not contradict each other. */
function holds(
  [condition, ...others]: Alternative,
  fields: readonly Field[],
  chosen: readonly Field[],
): boolean {
  if (condition === undefined) return true;
  const here = fields.filter(({ path }) => path === condition.path);
  return condition.anyOf.some((matcher) => {
    // Absence is looked for in the whole event, not in the array element at hand.
    if (matcher.kind === "absent") return here.length === 0 && holds(others, fields, chosen);
    return here.some(
      (field) =>
        matcher.test(field.value) &&
        chosen.every((other) => consistent(field, other)) &&
        holds(others, fields, [...chosen, field]),
    );
  });
}
