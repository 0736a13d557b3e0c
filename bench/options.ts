/** The options of `npm run bench -- <name>`. */
export interface BenchOptions {
  /** Measures at the real scale, which takes long. */
  readonly full: boolean;
  /** Measures only a part, by name. */
  readonly only: string | undefined;
}
