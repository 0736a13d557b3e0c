import type { PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { ACCOUNT, REGION } from "./buses.ts";
import { parseExactJson } from "./exact-json.ts";
import { isObject } from "./pattern/leaves.ts";
import { EventBridgeRefusal, readInput } from "./refusal.ts";

/** "PutEvents": the maximum number of entries in a request, and of their total size. */
const MAX_ENTRIES = 10;
const SIZE_LIMIT_BYTES = 256 * 1024;
/** "Calculating PutEvents event entry size": the size of a time in any format. */
const TIME_BYTES = 14;

const entry = z.strictObject({
  // The SDK sends seconds, other clients may send text. The maximum is that of a Date.
  Time: z
    .union([z.number().min(0).max(8_640_000_000_000), z.iso.datetime({ offset: true })])
    .optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  DetailType: z.string().max(128).optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
const putEventsInput = z.strictObject({ Entries: z.array(entry).min(1).max(MAX_ENTRIES) });

/** One entry of a PutEvents request. */
export type Entry = z.infer<typeof entry>;

/** An event in the form for rules and in the form for targets. */
export interface BusEvent {
  readonly id: string;
  /** The envelope, parsed. */
  readonly event: object;
  /** The envelope as text. The detail is unchanged from the client's text. */
  readonly body: string;
}

/**
 * [pure] The entries of a PutEvents request.
 * @throws {EventBridgeRefusal} `ValidationException`, also if the total size is too large
 */
export function readEntries(input: unknown): readonly Entry[] {
  const { Entries } = readInput(putEventsInput, input);
  if (Entries.reduce((bytes, one) => bytes + sizeOf(one), 0) >= SIZE_LIMIT_BYTES) {
    const message = "Total size of the entries in the request is over the limit.";
    throw new EventBridgeRefusal("ValidationException", message);
  }
  return Entries;
}

/**
 * [pure] The event of an entry, or the error if the entry is not valid.
 * @param now epoch ms, for an entry without a time
 */
export function eventOf(
  { Time, Source, Resources, DetailType, Detail }: Entry,
  id: string,
  now: number,
): BusEvent | PutEventsResultEntry {
  if (!Source) return missing("Source");
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  if (/^aws\.(?!partner\/)/.test(Source)) {
    return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const detail = detailOf(Detail);
  if (detail === undefined) return failed("MalformedDetail", "Detail is malformed.");
  const head = {
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account: ACCOUNT,
    time: wholeSeconds(Time, now),
    region: REGION,
    resources: Resources,
  };
  const body = `${JSON.stringify(head).slice(0, -1)},"detail":${Detail}}`;
  return { id, event: { ...head, detail }, body };
}

/** [pure] The result of an entry that is not put on a bus. */
export function failed(code: string, message: string): PutEventsResultEntry {
  return { ErrorCode: code, ErrorMessage: message };
}

function missing(name: string): PutEventsResultEntry {
  return failed(
    "InvalidArgument",
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

function detailOf(text: string): object | undefined {
  try {
    const detail = parseExactJson(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function wholeSeconds(time: Entry["Time"], now: number): string {
  const at = typeof time === "number" ? time * 1_000 : (time ?? now);
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

function sizeOf({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  const texts = [Source ?? "", DetailType ?? "", Detail ?? "", ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes + (Time === undefined ? 0 : TIME_BYTES);
}
