/** How a command that runs until it is told to stop is told so. */
export interface Stopping {
  /** What asked for the end; undefined until then. */
  asked(): string | undefined;
  readonly signal: AbortSignal;
  /** Resolves with what asked for the end. */
  readonly stop: Promise<string>;
  /** Listens no more. */
  forget(): void;
}

/** SIGTERM or SIGINT, or the end of the parent process; a second signal ends the process at once. */
export function untilStopped(): Stopping {
  const stopping = new AbortController();
  const stop = Promise.withResolvers<string>();
  let asked: string | undefined;
  const onStop = (because: string) => {
    asked = because;
    stopping.abort();
    stop.resolve(because);
  };
  const onSignal = (signal: string) => {
    if (asked !== undefined) process.exit(1);
    onStop(signal);
  };
  const onDisconnect = () => onStop("the end of its parent process");
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal).on("disconnect", onDisconnect);
  return {
    asked: () => asked,
    signal: stopping.signal,
    stop: stop.promise,
    forget() {
      process.off("SIGTERM", onSignal).off("SIGINT", onSignal).off("disconnect", onDisconnect);
    },
  };
}
