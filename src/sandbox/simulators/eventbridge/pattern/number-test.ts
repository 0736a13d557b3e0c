import { InvalidPattern } from "./invalid-pattern.ts";
import type { Scalar } from "./leaves.ts";

type Comparison = (value: number, limit: number) => boolean;

const comparisons = new Map<unknown, Comparison>([
  ["=", (value, limit) => value === limit],
  ["<", (value, limit) => value < limit],
  ["<=", (value, limit) => value <= limit],
  [">", (value, limit) => value > limit],
  [">=", (value, limit) => value >= limit],
]);

/**
 * [pure] The test of `numeric`: one comparison, or a lower bound followed by a higher upper bound.
 * @throws {InvalidPattern} for any other operand
 */
export function numericTest(operand: unknown, path: string): (value: Scalar) => boolean {
  if (!Array.isArray(operand)) throw new InvalidPattern("Value of numeric must be an array.", path);
  const [operator, limit, upperOperator, upperLimit]: readonly unknown[] = operand;
  const lower = comparisonWith(operator, limit, path);
  if (operand.length <= 2) return (value) => typeof value === "number" && lower.passes(value);
  if (operator !== ">" && operator !== ">=") {
    throw new InvalidPattern("Too many elements in numeric expression", path);
  }
  if (upperOperator !== "<" && upperOperator !== "<=") {
    throw new InvalidPattern(`Bad numeric range operator: ${String(upperOperator)}`, path);
  }
  const upper = comparisonWith(upperOperator, upperLimit, path);
  if (operand.length > 4) {
    throw new InvalidPattern("Too many terms in numeric range expression", path);
  }
  if (lower.limit >= upper.limit) throw new InvalidPattern("Bottom must be less than top", path);
  return (value) => typeof value === "number" && lower.passes(value) && upper.passes(value);
}

function comparisonWith(operator: unknown, limit: unknown, path: string) {
  const comparison = comparisons.get(operator);
  if (comparison === undefined) {
    throw new InvalidPattern(`Unrecognized numeric range operator: ${String(operator)}`, path);
  }
  const bound = comparable(limit, `Value of ${String(operator)} must be numeric`, path);
  return { limit: bound, passes: (value: number) => comparison(value, bound) };
}

/**
 * [pure] The value as a number for comparisons.
 * @throws {InvalidPattern} if no double can hold it, or with `reason` if it is not a number
 */
export function comparable(value: unknown, reason: string, path: string): number {
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new InvalidPattern(reason, path);
  if (Number.isFinite(value)) return Number(value);
  throw new InvalidPattern(`Cannot compare number : ${value}`, path);
}
