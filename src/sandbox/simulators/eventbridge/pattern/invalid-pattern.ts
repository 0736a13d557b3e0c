/** An event pattern that is not valid, or asks for what is not simulated. It says what and where. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";

  /** @param path names down to the place, joined by dots; empty for the pattern as a whole */
  constructor(reason: string, path: string) {
    const place = path === "" ? "" : ` at "${path}"`;
    super(`Event pattern is not valid. Reason: ${reason}${place}`);
  }
}
