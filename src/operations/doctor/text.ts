import type { Finding, FindingStatus } from "./finding.ts";

const SIGNS: Readonly<Record<FindingStatus, string>> = {
  ok: "ok     ",
  warning: "WARNING",
  broken: "BROKEN ",
  skipped: "skipped",
};

/** [pure] The findings for people: a line each, and below what is wrong why it matters and the cure. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ about, standing, what, why, cure }) => [
    `${SIGNS[standing]}  ${about}: ${what}`,
    ...(why === undefined ? [] : [`         ${why}`]),
    ...(cure === undefined ? [] : [`         -> ${cure}`]),
  ]);
  const count = (standing: FindingStatus) =>
    findings.filter((one) => one.standing === standing).length;
  const sum = `${count("broken")} broken, ${count("warning")} to look at, ${count("skipped")} not looked at.`;
  return [...lines, "", sum].join("\n");
}
