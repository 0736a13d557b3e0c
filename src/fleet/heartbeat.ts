export interface Heartbeat {
  /** Beats soon, once for all changes until then, and again while there is something to tell. */
  soon(): void;
  stop(): void;
}

/**
 * Calls `beat` every `everyMs` until it is stopped.
 * @param beat must not reject
 * @param isDue whether {@link Heartbeat.soon} has a reason to beat
 */
export function createHeartbeat(
  beat: () => Promise<void>,
  isDue: () => boolean,
  everyMs: number,
): Heartbeat {
  let beating = false;
  let scheduled = false;
  let stopped = false;

  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    void beat().finally(() => {
      beating = false;
    });
  }, everyMs);

  function soon(): void {
    if (scheduled || stopped || !isDue()) return;
    scheduled = true;
    setImmediate(() => {
      void beat().finally(() => {
        scheduled = false;
        soon();
      });
    });
  }

  return {
    soon,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
