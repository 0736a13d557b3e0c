import { z } from "zod";
import type { Call } from "../domain/call.ts";
import type { EpochMs } from "../domain/time.ts";
import type { HttpAnswer } from "../resilience/http/client.ts";
import { readJson } from "../resilience/http/read-json.ts";
import type { RequestInfo } from "../resilience/http/status.ts";
import { failureOfAnswer } from "./failure.ts";
import type { GenesysSdk } from "./sdk.ts";

/** The most that a page holds. */
export const PAGE_SIZE = 100;
/** More things of one kind than this are nobody's. */
const MOST_PAGES = 20;

/** Asks the Platform API, and reads what it answers. */
export interface PlatformApi {
  /**
   * The answer of one operation, by schema.
   * @param what the operation in Genesys' words: `GET /api/v2/integrations`
   * @throws {Failure} where it is none of 200, 201, 202 and 204.
   */
  ask<T>(what: string, schema: z.ZodType<T>, method: () => Promise<unknown>): Promise<T>;
  /** The same; undefined where the thing is not there (404). */
  find<T>(
    what: string,
    schema: z.ZodType<T>,
    method: () => Promise<unknown>,
  ): Promise<T | undefined>;
  /** All pages of a listing. */
  list<T>(
    what: string,
    schema: z.ZodType<T>,
    page: (pageNumber: number) => Promise<unknown>,
  ): Promise<readonly T[]>;
  /** A file, as it stands; undefined where there is none. */
  text(what: string, method: () => Promise<unknown>): Promise<string | undefined>;
}

export function createPlatformApi(sdk: GenesysSdk, call: Call, now: () => EpochMs): PlatformApi {
  const asked = (what: string): RequestInfo => ({ source: "genesys", what, now: now() });

  function read<T>(answer: HttpAnswer, schema: z.ZodType<T>, what: string): T {
    if (answer.status < 200 || answer.status > 204) throw failureOfAnswer(answer, asked(what));
    // Nothing is said where nothing is asked for.
    const answered = answer.text === "" ? { ...answer, text: "null" } : answer;
    return readJson(answered, schema, asked(what));
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
      throw failureOfAnswer(answer, asked(what));
    },
  };
}
