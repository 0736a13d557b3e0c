import { SingleBar } from "cli-progress";

/** On standard error, and only where that is a terminal. */
export function progressBar(action: string): SingleBar {
  return new SingleBar({
    format: `${action} {bar} {value} of {total} | {eta_formatted} left`,
    clearOnComplete: true,
    hideCursor: true,
  });
}
