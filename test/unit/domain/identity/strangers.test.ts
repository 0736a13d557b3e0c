import { expect, test } from "vitest";
import type { E164 } from "../../../../src/domain/identity/identity.ts";
import type { Rank } from "../../../../src/domain/identity/rank.ts";
import { spellingsOf } from "../../../../src/domain/identity/spellings.ts";
import {
  createStoredReader,
  rankIn,
  type StoredReader,
} from "../../../../src/domain/identity/stored-number.ts";
import { type Line, lineOf } from "../../../../src/domain/identity/subscriber-line.ts";
import { createWorlds, type World } from "../../../support/numbers/adversaries.ts";
import { lineOfGoogle, readingsOf } from "../../../support/numbers/google.ts";

const PAIRS = 100_000;
const SEED = Number(process.env.STRANGERS_SEED ?? 20_261_128);
/** How many digit strings B2C is asked for, and how many texts a gateway. */
const DIGITS = 20;
const TEXTS = 30;

interface Caller {
  readonly number: string;
  readonly line: Line;
  readonly texts: ReadonlySet<string>;
  readonly digits: ReadonlySet<string>;
}

/** What a store compares, and the text by which its rows are ranked. */
interface Row {
  readonly store: "digits, typed text known" | "digits" | "text";
  readonly ranked: string;
  readonly isAsked: (caller: Caller) => boolean;
}

const sum = {
  pairs: 0,
  spellings: 0,
  twoReadings: 0,
  shownAtHome: 0,
  shownByOldPlans: 0,
  shownToThemselves: 0,
};

function callersOf({ home, people }: World): readonly Caller[] {
  return people.map(({ number }) => {
    const texts = [number, ...spellingsOf(number as E164, home).map(({ text }) => text)];
    const digits = [...new Set(texts.map(digitsOf))].slice(0, DIGITS);
    return {
      number,
      line: lineOf(number as E164),
      texts: new Set(texts.slice(0, TEXTS)),
      digits: new Set(digits),
    };
  });
}

function rowsOf(text: string): readonly Row[] {
  const digits = digitsOf(text);
  const byDigits = (caller: Caller) => caller.digits.has(digits);
  return [
    { store: "digits, typed text known", ranked: text, isAsked: byDigits },
    { store: "digits", ranked: digits, isAsked: byDigits },
    { store: "text", ranked: text, isAsked: ({ texts }) => texts.has(text) },
  ];
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** The lines that Google's library reads in a text. */
function meaningOf(text: string, home: readonly string[]) {
  const { home: atHome, coded } = readingsOf(text, home);
  const lines = (numbers: Iterable<string>) => new Set([...numbers].map(lineOfGoogle));
  const all = lines([...atHome, ...coded]);
  const ofHome = [...coded].filter((number) => home.some((code) => number.startsWith(`+${code}`)));
  // Digits may be a national number and, with their country code, another number of a home country.
  return { home: lines([...atHome, ...ofHome]), all };
}

type Meaning = ReturnType<typeof meaningOf>;

/**
 * Whether a caller may be shown a text with this rank. A text with one reading is that number's alone; one
 * with several is that of the home countries, and never sure. One without a reading is of an old plan.
 */
function isRight({ home, all }: Meaning, line: Line, rank: Rank): boolean {
  if (all.size === 1) return all.has(line);
  return all.size === 0 || (home.has(line) && rank === "national");
}

/** Whether a text that no plan of today has may be somebody else's: by an old plan of a home country. */
function isOld({ all }: Meaning, line: Line, rank: Rank, home: readonly string[]): boolean {
  return all.size > 0 || (rank === "national" && home.some((code) => line.startsWith(`+${code}`)));
}

/** The callers who are shown a stored text of somebody else. */
function strangersOf(owner: string, row: Row, callers: readonly Caller[], world: World): string[] {
  const { home } = world;
  const meaning = meaningOf(row.ranked, home);
  const readings = readerOf(world)(row.ranked);
  return callers.flatMap((caller) => {
    const rank = rankIn(readings, caller.line);
    const isOwner = lineOfGoogle(caller.number) === lineOfGoogle(owner);
    const shown = rank !== undefined && row.isAsked(caller);
    if (isOwner) sum.shownToThemselves += Number(shown);
    if (rank === undefined) return [];
    const line = lineOfGoogle(caller.number);
    if (!isRight(meaning, line, rank) || !(isOwner || isOld(meaning, line, rank, home))) {
      return [
        `${caller.number} is shown ${owner}: ${row.store}, ${row.ranked}, home ${home}, ${rank}`,
      ];
    }
    if (!isOwner && shown) {
      sum.shownAtHome += Number(meaning.all.size > 0);
      sum.shownByOldPlans += Number(meaning.all.size === 0);
    }
    return [];
  });
}

const readers = new WeakMap<World, StoredReader>();

function readerOf(world: World): StoredReader {
  const reader = readers.get(world) ?? createStoredReader(world.home);
  readers.set(world, reader);
  return reader;
}

function strangersIn(world: World): readonly string[] {
  const callers = callersOf(world);
  return world.people.flatMap(({ number, stored }) =>
    stored.flatMap((text) => {
      const others = callers.filter((one) => lineOfGoogle(one.number) !== lineOfGoogle(number));
      sum.pairs += others.length;
      sum.spellings += 1;
      sum.twoReadings += Number(meaningOf(text, world.home).all.size > 1);
      return rowsOf(text).flatMap((row) => strangersOf(number, row, callers, world));
    }),
  );
}

test("no caller is shown somebody else, over 100,000 pairs of numbers that are alike", () => {
  const strangers: string[] = [];
  for (const world of createWorlds(SEED)) {
    strangers.push(...strangersIn(world));
    if (sum.pairs >= PAIRS) break;
  }
  process.stdout.write(`strangers, seed ${SEED}: ${JSON.stringify(sum)}\n`);
  expect(strangers).toEqual([]);
  expect(sum.twoReadings).toBeGreaterThan(50);
  expect(sum.shownToThemselves).toBeGreaterThan(1000);
});
