import google from "google-libphonenumber";
import { regionOf } from "./google.ts";

const util = google.PhoneNumberUtil.getInstance();
const { NATIONAL, INTERNATIONAL, E164 } = google.PhoneNumberFormat;

/** A form in which a person may store a number. */
export interface HumanForm {
  readonly text: string;
  /** It has no country code. */
  readonly national: boolean;
}

/**
 * The forms in which people store a number: those of Google's formatters, and habits. Independent of the
 * product's own forms.
 * @param from the region in which the text is stored
 */
export function humanForms(e164: string, from: string): readonly HumanForm[] {
  const number = util.parse(e164);
  const code = String(number.getCountryCodeOrDefault());
  const region = util.getRegionCodeForNumber(number) ?? regionOf(code);
  const nsn = util.getNationalSignificantNumber(number);
  const trunk = util.getNddPrefixForRegion(region, true) ?? "";
  const national = util.format(number, NATIONAL);
  const international = util.format(number, INTERNATIONAL);
  const rest = international.slice(code.length + 1).trim();
  const groups = rest.split(/[^\d]+/).filter((group) => group !== "");
  const dialled = util.formatOutOfCountryCallingNumber(number, from);
  const written = national.match(/\d+/g) ?? [];
  const [area = "", ...others] = written[0] === trunk ? written.slice(1) : written;
  return distinct([
    ...[
      national,
      digitsOf(national),
      nsn,
      `${trunk}${nsn}`,
      written.join("-"),
      written.join(" "),
      written.join("."),
      ...(others.length === 0
        ? []
        : [
            `${area}/${others.join("")}`,
            `(${area}) ${others.join(" ")}`,
            `(${area}) ${others.join("-")}`,
            `${area} ${others.join("")}`,
          ]),
    ].map((text) => ({ text, national: true })),
    ...[
      international,
      util.format(number, E164),
      e164.slice(1),
      `00${e164.slice(1)}`,
      `00${code} ${rest}`,
      `+${code} ${nsn}`,
      `+${code}-${groups.join("-")}`,
      `+${code}.${groups.join(".")}`,
      `${code} ${groups.join(" ")}`,
      ...(region === from ? [] : [dialled, digitsOf(dialled)]),
      ...(trunk === "" || trunk === code
        ? []
        : [
            `+${code} (${trunk})${rest}`,
            `+${code}(${trunk})${nsn}`,
            `${code}${trunk}${nsn}`,
            `00${code} (${trunk})${rest}`,
          ]),
    ].map((text) => ({ text, national: false })),
    ...oldForms(e164),
  ]);
}

/** What people wrote before their plan changed, and Argentina's forms with and without 9 and 15. */
function oldForms(e164: string): readonly HumanForm[] {
  const changes: readonly (readonly [
    plan: RegExp,
    coded: readonly string[],
    national: readonly string[],
  ])[] = [
    [
      /^\+549(11)(\d{4})(\d{4})$/,
      ["54$1$2$3", "+54 $1 $2-$3"],
      ["$1$2$3", "0$1$2$3", "15$2$3", "15 $2-$3"],
    ],
    [
      /^\+52(\d{3})(\d{3})(\d{4})$/,
      ["521$1$2$3", "+52 1 $1 $2 $3"],
      ["01$1$2$3", "044$1$2$3", "045$1$2$3"],
    ],
    [/^\+55(\d\d)9([6-9]\d{3})(\d{4})$/, ["55$1$2$3", "+55 $1 $2-$3"], ["$1$2$3", "($1) $2-$3"]],
    [
      /^\+22901(\d\d)(\d\d)(\d\d)(\d\d)$/,
      ["229$1$2$3$4", "+229 $1 $2 $3 $4"],
      ["$1$2$3$4", "$1 $2 $3 $4"],
    ],
  ];
  return changes
    .filter(([plan]) => plan.test(e164))
    .flatMap(([plan, coded, national]) => [
      ...coded.map((form) => ({ text: e164.replace(plan, form), national: false })),
      ...national.map((form) => ({ text: e164.replace(plan, form), national: true })),
    ]);
}

function distinct(forms: readonly HumanForm[]): readonly HumanForm[] {
  return [...new Map(forms.map((form) => [form.text, form])).values()];
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}
