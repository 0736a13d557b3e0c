import { sharedSecret, wholeNumber } from "../../domain/variable/rules.ts";
import { optional, preset, type VariableTable } from "../../domain/variable/variable.ts";

/** Lookups on demand. */
export const lookupVariables = {
  LOOKUP_SECRET: optional(
    "The secret that callers of the lookup API send as `Authorization: Bearer`. `ringahead serve` does not start without it",
    sharedSecret,
    true,
  ),
  LOOKUP_SECRET_PREVIOUS: optional(
    "A second secret that is valid too, while callers change from one to the other",
    sharedSecret,
    true,
  ),
  LOOKUP_DEADLINE_MS: preset(
    "How long a lookup on demand may wait for Oracle before the answer is `pending`. Architect waits 3,000 ms",
    wholeNumber(10, 2_900),
    "2000",
  ),
  LOOKUP_REQUESTS_PER_MINUTE: preset(
    "The most lookups on demand in a minute, for each process; more are answered 429. Genesys Cloud executes 2,500 data actions a minute at most",
    wholeNumber(1, 1_000_000),
    "3000",
  ),
} satisfies VariableTable;
