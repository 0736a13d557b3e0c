import { expect } from "vitest";
import type { Finding } from "../../src/operations/doctor/finding.ts";

export const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ standing }) => standing === "broken" || standing === "warning");

/** One thing is broken: it is told with its cure, and not much more is. @returns all that is wrong */
export function expectTold(all: readonly Finding[], what: RegExp, cure: RegExp): Finding[] {
  const found = wrong(all);
  const meant = found.find((finding) => what.test(finding.what) && cure.test(finding.cure ?? ""));
  expect(meant, JSON.stringify(found, undefined, 1)).toBeDefined();
  expect(meant?.why).toBeTruthy();
  expect(found.length).toBeLessThanOrEqual(3);
  return found;
}
