import { addressTest, cidrTest } from "./address-test.ts";
import { InvalidPattern } from "./invalid-pattern.ts";
import { isObject, isScalar, type Scalar } from "./leaves.ts";
import { comparable, numericTest } from "./number-test.ts";
import { ignoringCase, type TextTest, textOperators } from "./text-test.ts";

/** Whether a value passes. `absent` passes if there is no value. */
export type ValueTest = ((value: Scalar) => boolean) | "absent";

/**
 * [pure] The test of one member of a field's list: an equal value, or a match expression.
 * @throws {InvalidPattern} if it is neither, or if its operator is unknown
 */
export function valueTest(member: unknown, path: string): ValueTest {
  if (isObject(member)) return expressionTest(member, path);
  if (typeof member === "string") {
    return onTexts(addressTest(member) ?? ((text) => text === member));
  }
  if (!isScalar(member)) {
    throw new InvalidPattern("Match value must be String, number, true, false, or null", path);
  }
  return (value) => value === member;
}

function expressionTest(expression: object, path: string): ValueTest {
  const [operator, operand] = onlyEntry(expression, "Match expression name not found", path);
  switch (operator) {
    case "exists":
      return existsTest(operand, path);
    case "anything-but":
      return anythingBut(operand, path);
    case "numeric":
      return numericTest(operand, path);
    case "cidr":
      return onTexts(cidrTest(stringOf(operand, operator, path), path));
    case "exactly": {
      const text = stringOf(operand, operator, path);
      return (value) => value === text;
    }
    default:
      return onTexts(textTest(operator, operand, path));
  }
}

function textTest(operator: string, operand: unknown, path: string): TextTest {
  const makeTest = textOperators.get(operator);
  if (makeTest === undefined) {
    throw new InvalidPattern(`Unrecognized match type ${operator}`, path);
  }
  if ((operator === "prefix" || operator === "suffix") && isObject(operand)) {
    const [inner, text] = onlyEntry(operand, `${operator} expression name not found`, path);
    if (inner !== "equals-ignore-case") {
      throw new InvalidPattern(`Unsupported ${operator} pattern: ${inner}`, path);
    }
    const anchored = operator === "prefix" ? { start: true } : { end: true };
    return ignoringCase(stringOf(text, inner, path), anchored);
  }
  return makeTest(stringOf(operand, operator, path), path);
}

function existsTest(operand: unknown, path: string): ValueTest {
  if (operand === true) return () => true;
  if (operand === false) return "absent";
  throw new InvalidPattern("exists match pattern must be either true or false.", path);
}

/** Passes every value, including null, that is not excluded. Never passes an absent value. */
function anythingBut(operand: unknown, path: string): ValueTest {
  if (isObject(operand)) return anythingButTexts(operand, path);
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0) throw new InvalidPattern("Empty arrays are not allowed", path);
  if (!excluded.every((value) => typeof value === "string")) {
    const reason = "Inside anything but list, all values must be strings, or all numbers";
    for (const value of excluded) comparable(value, reason, path);
  }
  return (value) => !excluded.includes(value);
}

function anythingButTexts(expression: object, path: string): ValueTest {
  const [operator, operand] = onlyEntry(expression, "Anything-But expression name not found", path);
  const makeTest = textOperators.get(operator);
  if (makeTest === undefined) {
    throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}`, path);
  }
  const operands: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (operands.length === 0) throw new InvalidPattern("Empty arrays are not allowed", path);
  const tests = operands.map((one) => {
    const text = stringOf(one, operator, path);
    if (text === "" && (operator === "prefix" || operator === "suffix")) {
      throw new InvalidPattern("Null prefix/suffix not allowed", path);
    }
    return onTexts(makeTest(text, path));
  });
  return (value) => !tests.some((passes) => passes(value));
}

function onTexts(test: TextTest): (value: Scalar) => boolean {
  return (value) => typeof value === "string" && test(value);
}

function onlyEntry(object: object, missing: string, path: string): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(object);
  if (entry === undefined) throw new InvalidPattern(missing, path);
  if (more.length > 0) {
    throw new InvalidPattern("Only one key allowed in match expression", path);
  }
  return entry;
}

function stringOf(operand: unknown, operator: string, path: string): string {
  if (typeof operand === "string") return operand;
  throw new InvalidPattern(`${operator} match pattern must be a string`, path);
}
