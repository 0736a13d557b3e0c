import { expect, it } from "vitest";
import {
  readSampledNumber,
  type SampledNumber,
  sampleText,
} from "../../../../src/domain/sample/sampled-number.ts";

const numbers: readonly SampledNumber[] = [
  { number: "+4915112345678", match: "not_found", country: "DE" },
  { number: "+88213300655", match: "ambiguous", country: "001" },
];

it("a sample file is read as it was written", () => {
  const lines = sampleText(numbers).trimEnd().split("\n");
  expect(lines.map(readSampledNumber)).toEqual(numbers);
});

it.each([
  "",
  "null",
  "+4915112345678",
  '{"number":"4915112345678","match":"not_found","country":"DE"}',
  '{"number":"+49151","match":"not_found","country":"DE"}',
  '{"number":"+4915112345678","match":"found","country":"DE"}',
  '{"number":"+4915112345678","match":"not_found","country":"Germany"}',
])("%j is not a line of a sample file", (line) => {
  expect(readSampledNumber(line)).toBeUndefined();
});
