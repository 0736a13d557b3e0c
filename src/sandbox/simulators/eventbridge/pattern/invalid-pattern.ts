/** An event pattern that is not valid or not simulated. The message has the reason and the place. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";

  /** @param path field names joined by dots; empty for the whole pattern */
  constructor(reason: string, path: string) {
    const place = path === "" ? "" : ` at "${path}"`;
    super(`Event pattern is not valid. Reason: ${reason}${place}`);
  }
}
