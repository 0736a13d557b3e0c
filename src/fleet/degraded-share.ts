/** What a worker knew of the fleet when it lost sight of it. */
export interface LastSharedState {
  readonly limit: number;
  /** Slots that nobody held. */
  readonly left: number;
  /** Itself included. */
  readonly workers: number;
  /** Slots that it held itself. */
  readonly own: number;
}

/**
 * [pure] How many slots a worker may hold while it does not know what the others hold; `ownLeft` are
 * those of its `own` that have not come back yet. In the first window it adds its share of what was
 * left, and uses its own again as they come back; later it keeps to its share of the limit. Added up
 * over the workers, never more than the limit, if each knew the same.
 */
export function degradedShare(
  known: LastSharedState,
  ownLeft: number,
  firstWindow: boolean,
): number {
  const share = Math.floor(known.limit / known.workers);
  if (!firstWindow) return share;
  const left = Math.floor(Math.max(0, known.left) / known.workers);
  return ownLeft + Math.min(share, left + known.own - ownLeft);
}
