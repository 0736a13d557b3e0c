import { z } from "zod";

/** Why a number is in the sample: what the live lookup found for it. */
const sampledMatches = ["not_found", "ambiguous", "national"] as const;
export type SampledMatch = (typeof sampledMatches)[number];

/** One line of a sample file. It is personal data: it never goes into a log. */
export interface SampledNumber {
  /** E.164. */
  readonly number: string;
  readonly match: SampledMatch;
  /** ISO 3166-1, or `001` for a number of no country. */
  readonly country: string;
}

const schema = z.object({
  number: z.string().regex(/^\+[1-9]\d{6,14}$/),
  match: z.enum(sampledMatches),
  country: z.string().regex(/^(?:[A-Z]{2}|001)$/),
});

/** [pure] Reads one line of a sample file; undefined if it is anything else. */
export function readSampledNumber(line: string): SampledNumber | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** [pure] A sample file. */
export function sampleText(numbers: readonly SampledNumber[]): string {
  return numbers
    .map(({ number, match, country }) => `${JSON.stringify({ number, match, country })}\n`)
    .join("");
}
