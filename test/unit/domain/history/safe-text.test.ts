import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReference, safeText, shorten } from "../../../../src/domain/history/safe-text.ts";

const CARD = "4111111111111111";

describe("text", () => {
  test.each([
    ["Printer on fire", "Printer on fire"],
    ["  Printer\n\ton   fire ", "Printer on fire"],
    ["Cafe\u0301", "Café"],
    ["שלום עולם", "שלום עולם"],
    ["مرحبا", "مرحبا"],
    ["a < b and 2 > 1 <3", "a < b and 2 > 1 <3"],
    ["AT&amp;T &lt;b&gt;", "AT&amp;T &lt;b&gt;"],
    ["&#60;b&#x3e; &#xfffffe; &bull; &#52;", "&#60;b&#x3e; &#xfffffe; &bull; &#52;"],
    ["Order 123456", "Order 123456"],
    ["10:30, 15:45 and 1,299.00", "10:30, 15:45 and 1,299.00"],
    ["meet @ 5", "meet @ 5"],
    ["", ""],
  ])("kept: %j", (raw, safe) => {
    expect(safeText(raw, 100)).toBe(safe);
  });

  test.each([
    ["pass\u0000wo\u001brd\u0085", "password"],
    ["\u202egnp.exe\u202c", "gnp.exe"],
    ["a\u2066b\u2069c\u200b\u200d\ufeffd\u00ade", "abcde"],
    ["lone \ud83d half", "lone half"],
    ["<b>Bold</b> printer", "Bold printer"],
    ["x<img src=x onerror=alert(1)>y", "x y"],
    ["x<img src=x onerror=alert(1)", "x img src=x onerror=alert(1)"],
    ["<scr<b>ipt>alert(1)</script>", "scr ipt>alert(1)"],
    ["<<i>script>alert(1)", "< script>alert(1)"],
    ["<!-- note --><?php x ?>z", "z"],
  ])("stripped: %j", (raw, safe) => {
    expect(safeText(raw, 100)).toBe(safe);
  });

  test.each([
    [`Card ${CARD} declined`, "Card [card] declined"],
    ["4111 1111 1111 1111", "[card]"],
    ["4111-1111.1111 1111", "[card]"],
    ["4111 - 1111 - 1111 - 1111", "[card]"],
    ["4111\u200b1111\u200b1111\u200b1111", "[card]"],
    ["4111<b>1111</b>1111 1111", "[card]"],
    ["4111&nbsp;1111&nbsp;1111&#160;1111", "[card]"],
    ["4111&ndash;1111&#8209;1111&#x2d;1111", "[card]"],
    ["4111&nb\u00adsp;1111&shy;1111&NBSP1111", "[card]"],
    ["4111,1111,1111,1111", "[card]"],
    ["4111|1111 * 1111 = 1111", "[card]"],
    ["Visa:4111:1111:1111:1111:12/27", "Visa:[card]"],
    ["4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "[card]"],
    ["1234,5678,1234,5678", "1234,5678,1234,5678"],
    ["4111111111111112", "[number]"],
    [`${CARD} 12/27 123`, "[number]"],
    ["٤١١١١١١١١١١١١١١١", "[number]"],
    ["call (555) 019-9999 now", "call [number] now"],
    ["call +1 555 019 9999", "call [number]"],
    ["born 1980-02-03", "born [number]"],
    ["Re: 260101-000007", "Re: [number]"],
    ["mail ada@example.com please", "mail [email] please"],
    ["<ada@example.com>", ""],
    ["ada.lovelace@localhost", "[email]"],
    ["ada\u0000@example.com", "[email]"],
    ["müller@exämple.de", "[email]"],
    ["ada＠example.com", "[email]"],
    ["ada&#64;example.com", "[email]"],
    ["ada&commat;example.com or ada&#X40;example.com", "[email] or [email]"],
    ["連絡先はada@example.comです", "連絡先は[email]です"],
  ])("masked: %j", (raw, safe) => {
    expect(safeText(raw, 100)).toBe(safe);
  });

  test.each([
    ["Printer on fire", 15, "Printer on fire"],
    ["Printer on fire", 14, "Printer on fi…"],
    ["Printer on fire", 9, "Printer…"],
    ["fire 🔥🔥", 8, "fire 🔥…"],
    ["🔥🔥", 2, "…"],
    ["e\u0301\u0323e", 2, "…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ])("shortened: %j to %i", (raw, max, safe) => {
    expect(safeText(raw, max)).toBe(safe);
    expect(shorten(safe, max)).toBe(safe);
  });
});

describe("references", () => {
  test.each([
    ["260101-000007", "260101-000007"],
    ["CASE-20260101", "CASE-20260101"],
    [" 00042 ", "00042"],
    ["SR0000012345", "SR0000012345"],
    ["CDRM_12/3.4:5#6", "CDRM_12/3.4:5#6"],
    // Valid check digits by chance: no network has such cards.
    ["300000000000007", "300000000000007"],
    ["1000000000000008", "1000000000000008"],
    [CARD, "[card]"],
    ["4111-1111-1111-1111", "[card]"],
    [`260101-${CARD}`, "[card]"],
    [`SR-${CARD}-1`, "SR-[card]"],
    ["371449635398431", "[card]"],
    ['"><img src=x>\u202e', "img src x"],
    ["7;DELETE FROM incidents", "7 DELETE FROM incidents"],
    ["ada@example.com", "ada example.com"],
    ["A".repeat(80), "A".repeat(64)],
    ["", ""],
  ])("%j", (raw, safe) => {
    expect(safeReference(raw)).toBe(safe);
  });
});

/** Text made of pieces that the rules look for, in any order, with characters that could hide them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        CARD,
        "4111",
        "1111",
        "5500",
        ",",
        ":",
        "-",
        ".",
        " ",
        "  ",
        "/",
        "(",
        ")",
        "+",
        "12",
      ),
      fc.constantFrom(
        "<",
        ">",
        "<b",
        "</b>",
        "<img src=x onerror=alert(1)>",
        "<!--",
        "script",
        "&lt;",
        "&nbsp;",
        "&#",
        "64;",
        "&#45;",
        "&commat",
      ),
      fc.constantFrom("ada", "@", "＠", "example.com", ".", "…", '"', ",", "連絡", "ü"),
      fc.constantFrom(
        "\u200b",
        "\u202e",
        "\u0000",
        "\n",
        "\ud83d",
        "\udd25",
        "🔥",
        "\u0301",
        "é",
        "\u034f",
        "٤",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 24 },
  )
  .map((pieces) => pieces.join(""));
const anyText = fc.oneof(hostile, fc.string({ unit: "binary", maxLength: 80 }));
const anyLength = fc.integer({ min: 0, max: 120 });

function luhnValid(digits: string): boolean {
  const sum = [...digits].reduceRight((total, char, index) => {
    const doubled = Number(char) * ((digits.length - index) % 2 === 0 ? 2 : 1);
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  return sum % 10 === 0;
}

/** All valid card numbers in a text: 13 to 19 digits with separators, also inside longer runs. */
function cardsIn(text: string): string[] {
  const runs = (text.match(/\d(?:[ .-]*\d)*/g) ?? []).map((run) => run.replace(/\D/g, ""));
  return runs
    .flatMap((run) =>
      [13, 14, 15, 16, 17, 18, 19].flatMap((length) =>
        Array.from({ length: Math.max(0, run.length - length + 1) }, (_, i) =>
          run.slice(i, i + length),
        ),
      ),
    )
    .filter(luhnValid);
}

describe("any text", () => {
  test("has no forbidden content as safe text", () => {
    fc.assert(
      fc.property(anyText, anyLength, (raw, max) => {
        const safe = safeText(raw, max);
        expect(safe.length).toBeLessThanOrEqual(max);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe).toBe(safe.normalize("NFC"));
        expect(safe).not.toMatch(/\p{Cc}|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]/u);
        expect(safe).not.toMatch(/<[a-z/!?]/i);
        expect(safe).not.toMatch(/[\w.+-]+@[\w-]+/);
        expect(safe).not.toMatch(/\d(?:[ .\-/()+]*\d){6}/);
        expect(cardsIn(safe)).toEqual([]);
        expect(safe).toBe(safe.trim().replace(/\s+/g, " "));
      }),
      { numRuns: 1000 },
    );
  });

  test("does not change if it is safe text", () => {
    fc.assert(
      fc.property(anyText, anyLength, (raw, max) => {
        const safe = safeText(raw, max);
        expect(safeText(safe, max)).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });

  test("has no card number, in any notation", () => {
    const digits = fc.stringMatching(/^\d{12,18}$/).map((body) => {
      const check = [..."0123456789"].find((digit) => luhnValid(body + digit));
      return body + check;
    });
    const separators = fc.array(fc.constantFrom("", " ", "-", ".", "\u200b", "\u2011"), {
      minLength: 19,
      maxLength: 19,
    });
    fc.assert(
      fc.property(digits, separators, (card, between) => {
        const written = [...card].map((digit, i) => digit + between[i]).join("");
        expect(safeText(`card ${written} declined`, 200)).toMatch(/^card \[card\]\W* declined$/);
      }),
    );
  });

  test("has only the allowed characters as a reference, and does not change if it is one", () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const safe = safeReference(raw);
        expect(safe).toMatch(/^[A-Za-z0-9 \-_./:#[\]]{0,64}$/);
        expect(safe).not.toMatch(new RegExp(`(?<!\\d)${CARD}(?!\\d)`));
        expect(safeReference(safe)).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });

  test("takes linear time", () => {
    for (const piece of [
      "1,",
      "1....",
      "&#",
      "&nbsp;",
      "<a",
      "a@",
      "1 ",
      "<",
      "a",
      "\u0301",
      "@",
      "1",
    ]) {
      // The time of this process alone: other work on the machine does not count.
      const before = process.cpuUsage();
      safeText(piece.repeat(200_000), 80);
      safeReference(piece.repeat(200_000));
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
    }
  });
});
