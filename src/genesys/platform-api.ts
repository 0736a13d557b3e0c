import { z } from "zod";
import type { Call } from "../domain/call.ts";
import type { EpochMs } from "../domain/time.ts";
import type { HttpAnswer } from "../resilience/http/client.ts";
import { readJson } from "../resilience/http/read-json.ts";
import type { RequestInfo } from "../resilience/http/status.ts";
import { failureOfAnswer } from "./failure.ts";
import type { GenesysSdk } from "./sdk.ts";

/** The largest page that the Platform API returns. */
export const PAGE_SIZE = 100;
/** No org has more entities of one kind than these pages hold. */
const MOST_PAGES = 20;

/** Calls operations of the Platform API and parses the answers. */
export interface PlatformApi {
  /**
   * The answer of one operation, parsed by the schema.
   * @param what the operation as Genesys documents it: `GET /api/v2/integrations`
   * @throws {Failure} for any status but 200 to 204, and for an answer that does not fit the schema.
   */
  ask<T>(what: string, schema: z.ZodType<T>, method: () => Promise<unknown>): Promise<T>;
  /** The same, but undefined for a 404. */
  find<T>(
    what: string,
    schema: z.ZodType<T>,
    method: () => Promise<unknown>,
  ): Promise<T | undefined>;
  /** The entities of all pages of a listing. */
  list<T>(
    what: string,
    schema: z.ZodType<T>,
    page: (pageNumber: number) => Promise<unknown>,
  ): Promise<readonly T[]>;
  /** The unparsed answer, or undefined for a 404. */
  text(what: string, method: () => Promise<unknown>): Promise<string | undefined>;
}

export function createPlatformApi(
  sdk: GenesysSdk,
  call: Call,
  epochNow: () => EpochMs,
): PlatformApi {
  const infoOf = (what: string): RequestInfo => ({ source: "genesys", what, now: epochNow() });

  function read<T>(answer: HttpAnswer, schema: z.ZodType<T>, what: string): T {
    if (answer.status < 200 || answer.status > 204) throw failureOfAnswer(answer, infoOf(what));
    // An empty answer parses as null.
    const answered = answer.text === "" ? { ...answer, text: "null" } : answer;
    return readJson(answered, schema, infoOf(what));
  }

  async function ask<T>(what: string, schema: z.ZodType<T>, method: () => Promise<unknown>) {
    return read(await sdk.ask(call, method), schema, what);
  }

  return {
    ask,
    async find(what, schema, method) {
      const answer = await sdk.ask(call, method);
      return answer.status === 404 ? undefined : read(answer, schema, what);
    },
    async list<T>(
      what: string,
      schema: z.ZodType<T>,
      page: (pageNumber: number) => Promise<unknown>,
    ) {
      const all: T[] = [];
      const listing = z.object({
        entities: z.array(schema).nullish(),
        nextUri: z.string().nullish(),
      });
      for (let number = 1; number <= MOST_PAGES; number += 1) {
        const { entities, nextUri } = await ask(what, listing, () => page(number));
        all.push(...(entities ?? []));
        if (!nextUri) break;
      }
      return all;
    },
    async text(what, method) {
      const answer = await sdk.ask(call, method);
      if (answer.status === 200) return answer.text;
      if (answer.status === 404) return undefined;
      throw failureOfAnswer(answer, infoOf(what));
    },
  };
}
