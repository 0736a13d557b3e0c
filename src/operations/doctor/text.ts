import type { Finding, FindingStatus } from "./finding.ts";

const LABELS: Readonly<Record<FindingStatus, string>> = {
  ok: "ok     ",
  warning: "WARNING",
  broken: "BROKEN ",
  skipped: "skipped",
};

/** [pure] The findings for people: one line each; below a problem its consequence and the cure. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ about, standing, what, why, cure }) => [
    `${LABELS[standing]}  ${about}: ${what}`,
    ...(why === undefined ? [] : [`         ${why}`]),
    ...(cure === undefined ? [] : [`         -> ${cure}`]),
  ]);
  const count = (standing: FindingStatus) =>
    findings.filter((one) => one.standing === standing).length;
  const summary = `${count("broken")} broken, ${count("warning")} warnings, ${count("skipped")} skipped.`;
  return [...lines, "", summary].join("\n");
}
