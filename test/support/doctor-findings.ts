import { expect } from "vitest";
import type { Finding } from "../../src/operations/doctor/finding.ts";

export const problemsIn = (findings: readonly Finding[]) =>
  findings.filter(({ standing }) => standing === "broken" || standing === "warning");

/** Expects this problem with its cure, and at most two others. @returns all problems */
export function expectFinding(all: readonly Finding[], what: RegExp, cure: RegExp): Finding[] {
  const found = problemsIn(all);
  const expected = found.find(
    (finding) => what.test(finding.what) && cure.test(finding.cure ?? ""),
  );
  expect(expected, JSON.stringify(found, undefined, 1)).toBeDefined();
  expect(expected?.why).toBeTruthy();
  expect(found.length).toBeLessThanOrEqual(3);
  return found;
}
