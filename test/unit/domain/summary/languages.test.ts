import { describe, expect, test } from "vitest";
import { languages, phrases } from "../../../../src/domain/summary/languages.ts";
import { foundLine } from "../../../../src/domain/summary/sentences.ts";
import { AT, found } from "../../../support/summary-outcomes.ts";

describe("two open cases", () => {
  test.each([
    ["en", '2 open cases. Last: 00042 "Printer on fire", Waiting, updated 2 Jan'],
    ["de", "2 offene Fälle. Zuletzt: 00042 „Printer on fire“, Waiting, aktualisiert am 2. Jan."],
    [
      "fr",
      "2 dossiers ouverts. Dernier : 00042 « Printer on fire », Waiting, mis à jour le 2 janv.",
    ],
    ["es", "2 casos abiertos. Último: 00042 «Printer on fire», Waiting, actualizado el 2 ene"],
    ["it", "2 casi aperti. Ultimo: 00042 «Printer on fire», Waiting, aggiornato il 2 gen"],
    ["pt", "2 casos abertos. Último: 00042 “Printer on fire”, Waiting, atualizado em 2 de jan."],
    ["nl", "2 open zaken. Laatste: 00042 “Printer on fire”, Waiting, bijgewerkt op 2 jan"],
    ["ja", "未完了のケース2件. 最新: 00042 「Printer on fire」, Waiting, 1月2日更新"],
  ] as const)("%s", (language, line) => {
    expect(foundLine(found(), undefined, language, AT).replace(/ \([^()]*\)$/, "")).toBe(line);
  });
});

test("one open case, none, and an open number", () => {
  const line = (count: number, exact: boolean, name?: string) =>
    foundLine(found({ cases: [], openCases: { count, exact } }), name, "en", AT);
  expect(line(1, true)).toBe("1 open case (as of 2 Jan, 10:02 UTC)");
  expect(line(1, false)).toBe("1+ open cases (as of 2 Jan, 10:02 UTC)");
  expect(line(0, true)).toBe("Known customer - no open cases (as of 2 Jan, 10:02 UTC)");
  expect(line(0, true, "Ada E.")).toBe("Ada E. - no open cases (as of 2 Jan, 10:02 UTC)");
});

test("an update of another year has its year", () => {
  const [, older] = found().cases;
  expect(foundLine(found({ cases: older ? [older] : [] }), undefined, "en", AT)).toContain(
    "updated 16 Jun 2025 (",
  );
});

test.each(languages)("%s has every phrase and placeholder", (language) => {
  const words = phrases(language);
  expect(Intl.DateTimeFormat.supportedLocalesOf(words.locale)).toEqual([words.locale]);
  expect(words.openCases.other).toContain("{count}");
  expect(words.lastCase).toContain("{case}");
  expect(words.updated).toContain("{date}");
  expect(words.asOf).toMatch(/\{time\}.*UTC/);
  for (const match of ["not_found", "ambiguous", "anonymous", "unavailable"] as const) {
    expect(words[match]).toMatch(/^[^{}]{10,100}$/u);
  }
});
