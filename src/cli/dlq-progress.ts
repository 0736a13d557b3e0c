import { SingleBar } from "cli-progress";

/** Draws on standard error, only if that is a terminal. */
export function progressBar(action: string): SingleBar {
  return new SingleBar({
    format: `${action} {bar} {value} of {total} | {eta_formatted} left`,
    clearOnComplete: true,
    hideCursor: true,
  });
}
