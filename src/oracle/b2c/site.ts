import type { z } from "zod";
import type { Call } from "../../domain/call.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { parseExactly } from "../../resilience/http/exact-json.ts";
import { readJson } from "../../resilience/http/read-json.ts";
import type { SourceDeps } from "../dialect/descriptor.ts";
import { createConnectRest, failureOfConnect } from "./connect-rest.ts";
import type { Roql } from "./roql.ts";

/** Builds a query without the columns that the site refuses. */
export type BuildRoql = (refused: ReadonlySet<string>) => Roql;

/** A query that was answered, and the columns that it did not ask for. */
export interface SiteAnswer {
  readonly answer: HttpAnswer;
  readonly refused: ReadonlySet<string>;
}

/** A B2C site, and what is known of it until the process ends. */
export interface B2cSite {
  /** The columns that the site has refused. */
  readonly refused: ReadonlySet<string>;
  /** @returns undefined if the site answers 400: it cannot run the query as it is. */
  tryOnce(build: BuildRoql, call: Call): Promise<SiteAnswer | undefined>;
  /**
   * Runs a query. If the site refuses it with 400, a column may be the reason: the first of `suspects`
   * without which the query works is left out from then on.
   * @throws {Failure} `misconfigured` if the query is refused without them, too
   */
  ask(build: BuildRoql, suspects: readonly string[], call: Call): Promise<SiteAnswer>;
  read<T>(answer: HttpAnswer, schema: z.ZodType<T>): T;
}

/** @param acceptLanguage sent only if it is set */
export function createB2cSite(acceptLanguage: string | undefined, deps: SourceDeps): B2cSite {
  const connect = createConnectRest(acceptLanguage, deps);
  const refused = new Set<string>();

  async function run(build: BuildRoql, left: ReadonlySet<string>, call: Call) {
    const answer = await connect.query(build(left).text, call);
    return answer.status === 400 ? undefined : { answer, refused: left };
  }

  /**
   * Leaves out one suspect more each time until the query works: the last one is the reason.
   * @param suspects with all of them the query is refused
   * @param works the answer without any of them
   */
  async function withoutOne(
    build: BuildRoql,
    suspects: readonly string[],
    works: SiteAnswer,
    call: Call,
  ): Promise<SiteAnswer> {
    const left = new Set(refused);
    for (const column of suspects) {
      left.add(column);
      const isLast = left.size >= works.refused.size;
      const answer = isLast ? works : await run(build, new Set(left), call);
      if (answer === undefined) continue;
      if (!refused.has(column)) deps.onColumnRefused(column);
      refused.add(column);
      return answer;
    }
    return works;
  }

  return {
    refused,
    tryOnce: (build, call) => run(build, new Set(refused), call),
    async ask(build, suspects, call) {
      const known = new Set(refused);
      const answer = await connect.query(build(known).text, call);
      if (answer.status !== 400) return { answer, refused: known };
      const open = suspects.filter((column) => !known.has(column));
      const works =
        open.length > 0 ? await run(build, new Set([...known, ...open]), call) : undefined;
      if (works === undefined) throw failureOfConnect(answer, deps.epochNow());
      return withoutOne(build, open, works, call);
    },
    read: (answer, schema) =>
      readJson(
        answer,
        schema,
        { source: "oracle", what: "GET queryResults", now: deps.epochNow() },
        parseExactly,
      ),
  };
}
