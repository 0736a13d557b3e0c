/** The times of one simulator. */
export interface TimingOptions {
  /** Default: the lifetime of the simulated system's own tokens. */
  readonly tokenLifeSeconds?: number;
  /** How long the next request takes, in ms. Default: 0. */
  readonly latencyMs?: () => number;
  /** Epoch ms. Default: the machine's clock. */
  readonly now?: () => number;
}
