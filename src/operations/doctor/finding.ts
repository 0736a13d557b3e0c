/** `skipped`: not checked, because an input is missing or another check failed. */
export type FindingStatus = "ok" | "warning" | "broken" | "skipped";

/** The result of one check, without secrets and personal data. `doctor --json` prints these names. */
export interface Finding {
  /** What was checked: `queue`, `event bus`, `Oracle`… */
  readonly about: string;
  readonly standing: FindingStatus;
  /** The result, with the wrong value if there is one. */
  readonly what: string;
  /** The consequence. */
  readonly why?: string;
  /** What to do. */
  readonly cure?: string;
}

export type Problem = Required<Omit<Finding, "about" | "standing">>;

/** Creates findings about one subject. */
export function about(subject: string) {
  return {
    ok: (what: string): Finding => ({ about: subject, standing: "ok", what }),
    skipped: (what: string): Finding => ({ about: subject, standing: "skipped", what }),
    warning: (problem: Problem): Finding => ({ about: subject, standing: "warning", ...problem }),
    broken: (problem: Problem): Finding => ({ about: subject, standing: "broken", ...problem }),
  };
}
