/**
 * A change of a numbering plan after which each old number has one new number. National digits are
 * `area`, then `former` (old) or `current` (new), then `rest`. Patterns are regular expressions.
 */
export interface NumberingChange {
  /** The country calling code. */
  readonly code: string;
  /** What may stand between the country code and the old national digits. */
  readonly trunk: string;
  readonly area: string;
  readonly former: string;
  readonly current: string;
  readonly rest: string;
}

type Pair = readonly [former: string, current: string];

interface PlanOptions {
  readonly trunk?: string;
  readonly area?: string;
}

function plan(
  code: string,
  pairs: readonly Pair[],
  rest: string,
  { trunk = "", area = "" }: PlanOptions = {},
): readonly NumberingChange[] {
  return pairs.map(([former, current]) => ({ code, trunk, area, former, current, rest }));
}

/**
 * Benin, 30 November 2024: `01` before all numbers of 8 digits (ARCEP Bénin; allAfrica, "Bénin: Le format
 * des numéros de téléphone passe de huit à dix chiffres").
 */
const benin = plan("229", [["", "01"]], String.raw`\d{8}`);

/**
 * Colombia, 1 September 2021: `60` before the area digit and 7 digits of a fixed line (CRC, Resolución 5826).
 * `03` was dialled before both kinds; libphonenumber reads it as a carrier prefix.
 */
const colombia = plan("57", [["", "60"]], String.raw`[1-8][2-9]\d{6}`, {
  trunk: "(?:03|0[579]?)?",
});

/**
 * Côte d'Ivoire, 31 January 2021: two digits of the operator before the old 8 (ARTCI, "PNN-10"). The
 * second digit of an old mobile number names its operator: 0 to 3 Moov (01), 4 to 6 MTN (05), 7 to 9
 * Orange (07). The third one of an old fixed number does: 8 Moov (21), 0 MTN (25), otherwise Orange
 * (27, whose ranges libphonenumber's metadata list).
 */
const coteDIvoire = [
  ...plan("225", [["", "01"]], String.raw`[04-9][0-3]\d{6}`),
  ...plan("225", [["", "05"]], String.raw`[04-9][4-6]\d{6}`),
  ...plan("225", [["", "07"]], String.raw`[04-9][7-9]\d{6}`),
  ...plan("225", [["", "21"]], String.raw`[23]\d8\d{5}`),
  ...plan("225", [["", "25"]], String.raw`[23]\d0\d{5}`),
  ...plan("225", [["", "27"]], String.raw`[23]\d[1-79]\d{5}`),
];

/**
 * Mexico, 3 August 2019: `1` after the country code, and the prefixes 01, 044 and 045 before the 10
 * digits, are gone (IFT, "Marcación a 10 dígitos"). WhatsApp ids still have the 1 (Gupshup support,
 * "Inconsistencies for mobile numbers and their WhatsApp IDs in Brazil and Mexico").
 */
const mexico = plan(
  "52",
  [
    ["1", ""],
    ["01", ""],
    ["044", ""],
    ["045", ""],
  ],
  String.raw`\d{10}`,
);

/**
 * Vietnam, 15 September 2018: mobile numbers of 10 digits after the trunk prefix have 9 (Ministry of
 * Information and Communications, decision of 25 May 2018).
 */
const vietnam = plan(
  "84",
  [
    ["120", "70"],
    ["121", "79"],
    ["122", "77"],
    ["126", "76"],
    ["128", "78"],
    ["123", "83"],
    ["124", "84"],
    ["125", "85"],
    ["127", "81"],
    ["129", "82"],
    ["162", "32"],
    ["163", "33"],
    ["164", "34"],
    ["165", "35"],
    ["166", "36"],
    ["167", "37"],
    ["168", "38"],
    ["169", "39"],
    ["186", "56"],
    ["188", "58"],
    ["199", "59"],
  ],
  String.raw`\d{7}`,
  { trunk: "0?" },
);

/**
 * Brazil, 2012 to 2016: a 9 before the 8 digits of a mobile number (Anatel, Resolução 553). Radios
 * (SME, 8 digits that begin with 7) kept theirs: libphonenumber holds them valid, so they stay.
 */
const brazil = plan("55", [["", "9"]], String.raw`[6-9]\d{7}`, {
  trunk: "0?",
  area: String.raw`[1-9]\d`,
});

/**
 * Cameroon, 21 November 2014: 6 before mobile numbers, 2 before fixed ones (MINPOSTEL). Fixed numbers
 * that began with 33 changed in another way and are left out.
 */
const cameroon = [
  ...plan("237", [["", "6"]], String.raw`[579]\d{7}`),
  ...plan("237", [["", "2"]], String.raw`22\d{6}`),
];

/** Mauritius, 1 September 2013: 5 before mobile numbers (ICTA). */
const mauritius = plan("230", [["", "5"]], String.raw`[79]\d{6}`);

/**
 * Chile, 2012 and 2013: 2 between the area code and a fixed number (ITU Operational Bulletin,
 * communication of Subtel of 2 July 2014).
 */
const chile = [
  ...plan("56", [["", "2"]], String.raw`[2-9]\d{6}`, { trunk: "0?", area: "2" }),
  ...plan("56", [["", "2"]], String.raw`[2-9]\d{5}`, { trunk: "0?", area: "[3-7][1-8]" }),
];

/**
 * Egypt, 6 October 2011: a digit after 01 (NTRA, "Plan to increase the length of the current mobile
 * numbers"). Numbers that began with 015 are left out: today others have them.
 */
const egypt = plan(
  "20",
  [
    ["10", "100"],
    ["11", "111"],
    ["12", "122"],
    ["14", "114"],
    ["16", "106"],
    ["17", "127"],
    ["18", "128"],
    ["19", "109"],
  ],
  String.raw`\d{7}`,
  { trunk: "0?" },
);

/** Ukraine, 14 October 2009: the trunk prefix 0 took the place of 8, after which the 0 was dialled too. */
const ukraine = plan("380", [["80", ""]], String.raw`[3-9]\d{8}`);

/**
 * United Kingdom, 22 April 2000: London's 171 and 181 became 20 7 and 20 8 (Oftel, "The Big Number
 * Change").
 */
const unitedKingdom = plan(
  "44",
  [
    ["171", "207"],
    ["181", "208"],
  ],
  String.raw`\d{7}`,
  { trunk: "0?" },
);

/**
 * Argentina: not an old plan, but a form of local calls. 15 stands before a mobile number of 8 digits,
 * and only Buenos Aires (11) has so many (libphonenumber, metadata of AR). With an area code,
 * libphonenumber reads the 15 itself.
 */
const argentina = plan("54", [["15", "911"]], String.raw`[2-9]\d{7}`);

/** The changes, the latest first within each country. */
export const numberingChanges: readonly NumberingChange[] = [
  ...benin,
  ...colombia,
  ...coteDIvoire,
  ...mexico,
  ...vietnam,
  ...brazil,
  ...cameroon,
  ...mauritius,
  ...chile,
  ...egypt,
  ...ukraine,
  ...unitedKingdom,
  ...argentina,
];
