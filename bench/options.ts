/** What `npm run bench -- <name>` was told beside the name. */
export interface BenchOptions {
  /** At the real scale, which takes its time. */
  readonly full: boolean;
  readonly only: string | undefined;
}
