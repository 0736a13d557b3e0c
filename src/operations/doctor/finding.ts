/** How a thing stands. `skipped`: it could not be looked at, because of something else. */
export type FindingStatus = "ok" | "warning" | "broken" | "skipped";

/** What one look has brought. It holds no secret and nothing of a person. */
export interface Finding {
  /** What was looked at: `queue`, `event bus`, `Oracle`… */
  readonly about: string;
  readonly standing: FindingStatus;
  /** How it stands, with the value that is wrong. */
  readonly what: string;
  /** What comes of it. */
  readonly why?: string;
  /** What to do. */
  readonly cure?: string;
}

export type Trouble = Required<Omit<Finding, "about" | "standing">>;

/** Findings about one thing. */
export function about(thing: string) {
  return {
    ok: (what: string): Finding => ({ about: thing, standing: "ok", what }),
    skipped: (what: string): Finding => ({ about: thing, standing: "skipped", what }),
    warning: (trouble: Trouble): Finding => ({ about: thing, standing: "warning", ...trouble }),
    broken: (trouble: Trouble): Finding => ({ about: thing, standing: "broken", ...trouble }),
  };
}
