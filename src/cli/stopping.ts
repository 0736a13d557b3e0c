/** Stops a command that runs until it is asked to end. */
export interface Stopping {
  /** The signal's name or another reason; undefined while the command may go on. */
  asked(): string | undefined;
  readonly signal: AbortSignal;
  /** Resolves with the reason. */
  readonly stop: Promise<string>;
  /** Removes all listeners. */
  forget(): void;
}

/** Listens for SIGTERM, SIGINT and the end of the parent process. A second signal ends the process at once. */
export function untilStopped(): Stopping {
  const controller = new AbortController();
  const stop = Promise.withResolvers<string>();
  let reason: string | undefined;
  const onStop = (why: string) => {
    reason = why;
    controller.abort();
    stop.resolve(why);
  };
  const onSignal = (signal: string) => {
    if (reason !== undefined) process.exit(1);
    onStop(signal);
  };
  const onDisconnect = () => onStop("the end of its parent process");
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal).on("disconnect", onDisconnect);
  return {
    asked: () => reason,
    signal: controller.signal,
    stop: stop.promise,
    forget() {
      process.off("SIGTERM", onSignal).off("SIGINT", onSignal).off("disconnect", onDisconnect);
    },
  };
}
