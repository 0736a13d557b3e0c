import { seeded } from "../../../bench/chance.ts";
import { codeOf, examplesOf, regionOf, regions, validNumber } from "./google.ts";
import { humanForms } from "./human-forms.ts";

/** A site and the people who call it. */
export interface World {
  readonly home: readonly string[];
  readonly people: readonly Person[];
}

interface Person {
  /** A valid number, E.164. */
  readonly number: string;
  /** How Oracle stores it. */
  readonly stored: readonly string[];
}

const PEOPLE = 24;
const SPELLINGS = 2;
const TRIES = 400;

interface Chance {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
  readonly one: <T>(list: readonly T[]) => T;
}

function createChance(random: () => number): Chance {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    one: (list) => {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error("nothing to choose from");
      return found;
    },
  };
}

const codes = [...new Set(regions.map(codeOf))];
/** Plans with old forms, without trunk prefixes, with short numbers, or with codes that others' numbers begin with. */
const hard = [
  "1",
  "7",
  "39",
  "44",
  "45",
  "47",
  "49",
  "52",
  "54",
  "55",
  "61",
  "81",
  "86",
  "225",
  "298",
  "354",
  "852",
];

/** Worlds whose people have numbers that are easily taken for each other. */
export function* createWorlds(seed: number): Generator<World> {
  const chance = createChance(seeded(seed));
  for (;;) {
    const home = homeOf(chance);
    const numbers = new Set<string>();
    for (let tries = 0; numbers.size < PEOPLE && tries < TRIES; tries += 1) {
      const known = [...numbers];
      const next =
        known.length < 4 || chance.below(8) === 0
          ? someNumber(chance, home)
          : alike(chance, chance.one(known), home);
      const valid = next && validNumber(next);
      if (valid === next && valid !== undefined) numbers.add(valid);
    }
    const people = [...numbers].map((number) => ({
      number,
      stored: storedForms(chance, number, home),
    }));
    yield { home, people };
  }
}

/** No home country, one, or several. */
function homeOf(chance: Chance): readonly string[] {
  const count = chance.one([0, 1, 1, 1, 1, 2, 3, 4]);
  return [...new Set(Array.from({ length: count }, () => chance.one(chance.one([codes, hard]))))];
}

function someNumber(chance: Chance, home: readonly string[]): string | undefined {
  const code = chance.one([...home, chance.one(codes), chance.one(hard)]);
  const example = chance.one([...examplesOf(regionOf(code)), ...examplesOf(chance.one(regions))]);
  const kept = example.length - 1 - chance.below(7);
  return example.slice(0, kept) + randomDigits(chance, example.length - kept);
}

function randomDigits(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => chance.below(10)).join("");
}

/** A number that shares digits with another one. It may not be valid. */
function alike(chance: Chance, number: string, home: readonly string[]): string | undefined {
  const digits = number.slice(1);
  const code = codes.find((one) => digits.startsWith(one)) ?? "";
  const national = digits.slice(code.length);
  const other = chance.one([chance.one(hard), chance.one(codes), ...home, ...home]);
  const form = chance.one(humanForms(number, regionOf(code))).text.replace(/\D/g, "");
  return chance.one([
    `+${other}${national}`,
    `+${other}${digits}`,
    `+${national}`,
    `+${form}`,
    `+${other}${form}`,
    `+${other}0${national}`,
    `+${other}${national.slice(1)}`,
    `+${code}${national.slice(1)}`,
    `+${code}0${national}`,
    number.replace(/^\+549/, "+54"),
    number.replace(/^\+54(?!9)/, "+549"),
    number.replace(/^\+52/, "+521"),
    number.replace(/^\+55(..)9/, "+55$1"),
    number.replace(/^\+390/, "+39"),
  ]);
}

function storedForms(chance: Chance, number: string, home: readonly string[]): readonly string[] {
  const from = regionOf(chance.one([...home, codeOf(chance.one(regions))]));
  const forms = humanForms(number, from).map(({ text }) => text);
  const old = [
    number.replace(/^\+52/, "+52 1 "),
    number.replace(/^\+52/, "044"),
    number.replace(/^\+54911/, "15"),
    number.replace(/^\+549/, "+54"),
    number.replace(/^\+55(..)9/, "($1) "),
    number.replace(/^\+(225|229)\d\d/, "$1"),
  ].filter((text) => text !== number);
  return Array.from({ length: SPELLINGS }, () => chance.one([...forms, ...forms, ...old]));
}
