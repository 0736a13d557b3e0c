import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress } from "../../../../src/domain/identity/address.ts";

describe("a number", () => {
  test.each([
    ["tel:+15550199999", "+15550199999"],
    ["TEL:+15550199999", "+15550199999"],
    ["tel:+1-555-019-9999", "+1-555-019-9999"],
    ["tel:+15550199999;ext=12", "+15550199999"],
    ["tel:%2B15550199999", "+15550199999"],
    ["tel:(555) 019-9999", "(555) 019-9999"],
    ["sip:+442071838750@10.20.30.40;user=phone", "+442071838750"],
    ["sips:+442071838750@sbc.example:5061;transport=tls", "+442071838750"],
    ["sip:%2B442071838750@10.20.30.40", "+442071838750"],
    ["sip:+18005550123;tgrp=ab12;trunk-context=byoc.example@10.1.1.1", "+18005550123"],
    ["sip:+18005550123@10.1.1.1;tgrp=ab12;trunk-context=byoc.example", "+18005550123"],
    ['"Ada Example" <sip:+15550199999@10.1.1.1>;tag=1a2b', "+15550199999"],
    ["sip:+15550199999", "+15550199999"],
    ["sip:5550199999@sbc.example", "5550199999"],
    ["(555) 019-9999", "(555) 019-9999"],
    ["0044 20 7183 8750", "0044 20 7183 8750"],
    ["00442071838750", "00442071838750"],
    ["491701234567", "491701234567"],
    ["%2B491701234567", "+491701234567"],
    ["+15550199999 x12", "+15550199999"],
    ["+15550199999x12", "+15550199999"],
    ["+15550199999,12", "+15550199999"],
    ["+15550199999,,12#", "+15550199999"],
    ["+15550199999#12", "+15550199999"],
    ["5550199999#", "5550199999"],
    ["555-019-9999 ext. 12", "555-019-9999"],
    ["\u202a+1 555 019 9999\u202c", "+1 555 019 9999"],
    ["555\u2011019\u20119999", "555-019-9999"],
    ["(+44) 20 7183 8750", "+44) 20 7183 8750"],
    ["+(44) 20 7183 8750", "+(44) 20 7183 8750"],
    ["+ 44 20 7183 8750", "+44 20 7183 8750"],
    ["++44 20 7183 8750", "+44 20 7183 8750"],
    ["+00 44 20 7183 8750", "+00 44 20 7183 8750"],
    ["(00)44-20-7183-8750", "(00)44-20-7183-8750"],
    ["0011 123456789012345", "0011 123456789012345"],
    ["\u260e +1 555 019 9999".slice(2), "+1 555 019 9999"],
  ])("%s", (raw, text) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text });
  });
});

describe("digits, hyphens and spaces of every script", () => {
  test.each([
    ["full-width", "０９０－１２３４－５６７８", "090-1234-5678"],
    ["full-width with a plus and brackets", "＋８１（９０）１２３４　５６７８", "+81(90)1234 5678"],
    ["Arabic-Indic", "٠١٠٠١٢٣٤٥٦٧", "01001234567"],
    ["Persian", "۰۹۱۲۳۴۵۶۷۸۹", "09123456789"],
    ["Devanagari", "+९१ ९८७६५ ४३२१०", "+91 98765 43210"],
    ["Bengali", "০১৭১২৩৪৫৬৭৮", "01712345678"],
    ["Thai", "๐๘๑-๒๓๔-๕๖๗๘", "081-234-5678"],
    ["Mongolian", "᠑ ᠖᠕᠐ ᠒᠕᠓ ᠐᠐᠐᠐", "1 650 253 0000"],
    ["mathematical, five rows that touch", "𝟎𝟙𝟤𝟯𝟺𝟓𝟞𝟩𝟴𝟿", "0123456789"],
    ["scripts mixed", "٠１2৩४", undefined],
    ["in a URI", "tel:+４４２０７１８３８７５０", "+442071838750"],
    ["a full-width URI", "ｔｅｌ：＋４４２０７１８３８７５０", "+442071838750"],
    ["percent-encoded", "tel:%EF%BC%8B442071838750", "+442071838750"],
    [
      "in a SIP user",
      "sip:%D9%A0%D9%A1%D9%A0%D9%A0%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7@10.1.1.1",
      "01001234567",
    ],
    ["a minus", "555−019−9999", "555-019-9999"],
    ["a long vowel", "03ー1234ー5678", "03-1234-5678"],
    ["an em dash", "555—019—9999", "555-019-9999"],
    ["spaces of no width and of no break", "+1\u00a0555\u2009019\u200b9999", "+1 555 0199999"],
    ["a wave dash before an extension", "03-1234-5678〜80", "03-1234-5678"],
  ])("%s: %s", (_, raw, text) => {
    const address = readAddress(raw);
    expect(address.kind === "phone" ? address.text : undefined).toBe(text);
  });

  test.each(["030 901820¹", "030 90182²", "①②③④⑤⑥⑦⑧⑨", "½555 019 9999", "Ⅷ555 019 9999"])(
    "footnotes and ordinals are not digits: %s",
    (raw) => {
      expect(readAddress(raw)).toEqual({ kind: "unusable", why: "opaque" });
    },
  );
});

describe("schemes", () => {
  test.each([
    ["callto:+15550199999", "+15550199999"],
    ["callto://+15550199999", "+15550199999"],
    ["tel://+15550199999", "+15550199999"],
    ["sms:+15550199999?body=Hello", "+15550199999"],
    ["smsto:+15550199999", "+15550199999"],
    ["phone:+15550199999", "+15550199999"],
    ["Phone: +1 555 019 9999", "+1 555 019 9999"],
    ["Tel: (555) 019-9999", "(555) 019-9999"],
    ["tel%3A%2B15550199999", "+15550199999"],
    ["Ada <tel:+15550199999>", "+15550199999"],
  ])("%s", (raw, text) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text });
  });

  test("a WhatsApp id is international", () => {
    const text = "491701234567";
    expect(readAddress(`whatsapp:${text}`)).toEqual({ kind: "phone", text, style: "whatsapp" });
    expect(readAddress(`WhatsApp:+${text}`)).toMatchObject({ text: `+${text}` });
    expect(readAddress("whatsapp:ada")).toEqual({ kind: "unusable", why: "opaque" });
  });

  test.each([
    "messenger:15550199999",
    "client:15550199999",
    "urn:tel:+15550199999",
    "x:+15550199999",
  ])("others are ids: %s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why: "opaque" });
  });
});

describe("the parameters of RFC 3966", () => {
  const local = "06641234567";
  test.each([
    [`tel:${local};phone-context=+43`, "+4306641234567"],
    [`TEL:${local};PHONE-CONTEXT=+43`, "+4306641234567"],
    [`${local};phone-context=+43`, "+4306641234567"],
    [`tel:${local};isub=12345;phone-context=+43;ext=7`, "+4306641234567"],
    [`tel:${local}%3Bphone-context%3D%2B43`, "+4306641234567"],
    [`sip:${local};phone-context=+43@10.1.1.1;user=phone`, "+4306641234567"],
    [`sip:${local}@10.1.1.1;user=phone;phone-context=+43`, "+4306641234567"],
    ["tel:7042;phone-context=+1-(212)-555", "+12125557042"],
  ])("the context comes first: %s", (raw, text) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text, style: "global" });
  });

  test.each([
    "tel:+15550199999;phone-context=example.com",
    "tel:+15550199999;phone-context=+43",
    "tel:+15550199999;isub=1;ext=2;a=%A1",
    "sip:+15550199999;tgrp=ab12;trunk-context=+43@10.1.1.1",
    "+15550199999;7246433",
    "+15550199999 ; 123456789012345#",
  ])("a global number needs none: %s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text: "+15550199999" });
  });

  test.each([
    ["internal", `tel:${local};phone-context=example.com`],
    ["internal", `tel:${local};phone-context=abc.nz.`],
    ["internal", `sip:7275550198;phone-context=ims.mnc001.example@10.1.1.1`],
    ["internal", "sip:7275550198@10.1.1.1;phone-context=pbx.example"],
    ["opaque", `tel:${local};phone-context=`],
    ["opaque", `tel:${local};phone-context`],
    ["opaque", `tel:${local};phone-context=+`],
    ["opaque", `tel:${local};phone-context=43`],
    ["opaque", `tel:${local};phone-context=++43`],
    ["opaque", `tel:${local};phone-context=a-.nz`],
    ["opaque", `tel:${local};phone-context=+43;phone-context=+49`],
    ["opaque", "tel:+15550199999;phone-context=+43;phone-context=example.com"],
    ["opaque", "+15550199999;+15550199998"],
    ["opaque", "030 901820; 030 901821"],
    ["withheld", "tel:anonymous;phone-context=example.com"],
  ])("nobody, %s: %s", (why, raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why });
  });
});

describe("an extension", () => {
  test.each([
    "+1 727 555 0198 ext:99",
    "+1 727 555 0198 ext. 99",
    "+1 727 555 0198 Extn 99",
    "+1 727 555 0198 extension 99",
    "+1 727 555 0198, extensión 99",
    "+1 727 555 0198, extensio\u0301n 99",
    "+1 727 555 0198 int. 99",
    "+1 727 555 0198 interno 99",
    "+1 727 555 0198 доб. 99",
    "+1 727 555 0198ДОБ99",
    "+1 727 555 0198 anexo 99",
    "+1 727 555 0198 ramal 99",
    "+1 727 555 0198 poste 99",
    "+1 727 555 0198 toestel 99",
    "+1 727 555 0198 Durchwahl 99",
    "+1 727 555 0198 内線99",
    "+1 727 555 0198 x 99",
    "+1 727 555 0198 ｘ９９",
    "+1 727 555 0198 #99#",
    "+1 727 555 0198 ~ 99",
    "+1 727 555 0198-99#",
    "+1 727 555 0198,,,99",
    "+1 727 555 0198p99",
    "+1 727 555 0198 x508/x1234",
    "+1 727 555 0198 x508\\ x1234",
  ])("is left out: %s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text: "+1 727 555 0198" });
  });

  test.each([
    "ext:99",
    "ext 99",
    "Ext. 4711",
    "int. 99",
    "extn 99",
    "x99",
    "#99",
    "доб. 99",
    "内線 99",
    "tel:;ext=99",
  ])("alone is internal: %s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why: "internal" });
  });

  test.each(["5551234567,5551234568", "+15550199999 x 1234567890", "5550199999 or 5550199998"])(
    "of ten digits is a second number: %s",
    (raw) => {
      expect(readAddress(raw)).toEqual({ kind: "unusable", why: "opaque" });
    },
  );
});

describe("a SIP address", () => {
  const text = "+17275550198";
  test.each([
    `sip:%2B17275550198@10.1.1.1`,
    `sip:%2b1727%35550198@10.1.1.1`,
    `sip:${text}:secret@10.1.1.1:5060`,
    `sip:${text};isub=1:secret@10.1.1.1`,
    `sip:${text}@[2001:db8::1]:5060;transport=tls`,
    `sip:${text}@sbc.example?subject=a@b`,
    `sip:${text}%40carrier.example@10.1.1.1`,
    `sip:%2B17275550198%40carrier.example`,
    `sips:${text}@sbc.example`,
    `SIP:${text}@sbc.example`,
    `<sip:${text}@sbc.example>;tag=1a2b;+sip.instance="<urn:uuid:0>"`,
    `"Ada \\"<x@y>\\" Example" <sip:${text}@sbc.example>`,
    `"Ada <ada@example.com>" <sip:${text}@sbc.example>`,
    `"Ada > B" <sip:${text}@sbc.example;user=phone>`,
    `"Ada <sip:${text}@sbc.example>`,
    `sip:${text}`,
    `sip:${text}:5060;transport=udp`,
  ])("%s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "phone", text });
  });

  test.each([
    ["internal", "sip:642c404d6bdd551ab7a27c54%2Bacme.orgspan.com%40localhost"],
    ["internal", "sip:642c404d6bdd551ab7a27c54%2Bacme.orgspan.com@localhost"],
    ["internal", "sip:123456789012345678901234%2Bacme.orgspan.com%40localhost"],
    ["internal", '"Ada" <sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost>;tag=1'],
    ["internal", "sip:ada%40example.com@sbc.example"],
    ["internal", "sip:5550199999%40pbx.example@sbc.example"],
    ["internal", "sip:10.20.130.140:5060;transport=udp"],
    ["internal", "sip:[2001:1234::5678]"],
    ["internal", "sip:sbc.example.com"],
    ["internal", "sip:"],
    ["internal", "sip:%@%"],
    ["withheld", "sip:%61nonymous@sbc.example"],
    ["withheld", `sip:${text}%40anonymous.invalid@sbc.example`],
    ["withheld", `sip:${text}@anonymous.invalid.:5060`],
    ["opaque", `<sip:${text}@a.example>, <sip:+15550199999@b.example>`],
    ["opaque", `bob@example.com <sip:${text}@a.example>`],
  ])("nobody, %s: %s", (why, raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why });
  });
});

describe("an email address", () => {
  test.each([
    ["Ada.Example@Example.com", "ada.example@example.com", ["Ada.Example@Example.com"]],
    ["mailto:ada@example.com", "ada@example.com", []],
    ["mailto:ada%40example.com?subject=Printer", "ada@example.com", []],
    ["mailto:a%3Fda@example.com?subject=a@b", "a?da@example.com", []],
    ["MAILTO:pat.o%27brien@example.com", "pat.o'brien@example.com", []],
    ["Ada Example <ada@example.com>", "ada@example.com", []],
    ['"Doe, Jane" <jane@example.com>', "jane@example.com", []],
    ["Doe, Jane <jane@example.com>", "jane@example.com", []],
    ["ada@example.com <ada@example.com>", "ada@example.com", []],
    ["'Ada@example.com' <ada@example.com>", "ada@example.com", []],
    ["ada@example.com <mailto:ada@example.com>", "ada@example.com", []],
    ["ada%20b@example.com", "ada%20b@example.com", []],
    ["ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com", []],
    ["ada＠スーパー.example", "ada@xn--zck5b0gb.example", ["ada@スーパー.example"]],
  ])("%s", (raw, address, spellings) => {
    expect(readAddress(raw)).toEqual({ kind: "email", address, spellings });
  });

  test.each([
    "mailto:example.com",
    "mailto:@example.com",
    "mailto:ada@example.com,bob@example.com",
    "ada@example.com, bob@example.com",
    "ada@example.com; bob@example.com",
    "ada@example.com bob@example.com",
    "Ada <ada@example.com>, Bob <bob@example.com>",
    "bob@example.com <ada@example.com>",
    "bob@example.com, ada@example.com <ada@example.com>",
    "lada@example.com <ada@example.com>",
    "<<ada@example.com>>",
    "Ada <ada@example.com> bob@example.com",
    "ａｄａ@example.com",
    "ada@[192.0.2.1]",
    "ada@192.0.2.1",
  ])("nobody: %s", (raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why: "opaque" });
  });
});

describe("unusable", () => {
  test.each([
    ["withheld", "sip:anonymous@anonymous.invalid"],
    ["withheld", "sip:anonymous@10.1.1.1"],
    ["withheld", '"Anonymous" <sip:anonymous@anonymous.invalid>'],
    ["withheld", "sip:+15550199999@anonymous.invalid"],
    ["withheld", "sip:unknown@unknown.invalid"],
    ["withheld", "sip:Restricted@sbc.example"],
    ["withheld", "anonymous"],
    ["withheld", "Anonymous"],
    ["withheld", "UNKNOWN"],
    ["withheld", "restricted"],
    ["withheld", "Unavailable"],
    ["withheld", "private"],
    ["withheld", "Private Number"],
    ["withheld", "Unknown caller"],
    ["withheld", "tel:anonymous"],
    ["withheld", "tel:Unknown"],
    ["withheld", "tel:reception"],
    ["withheld", "tel:"],
    ["withheld", "anonymous@example.com"],
    ["withheld", "tel:+266696687"],
    ["withheld", "+7378742833"],
    ["withheld", "+86282452253"],
    ["withheld", "+1266696687"],
    ["withheld", "0000000000"],
    ["internal", "sip:5c1f0a9b8e7d6c5b4a392817+acme.orgspan.com@localhost"],
    ["internal", "sip:123456789012345678901234+acme.orgspan.com@localhost"],
    ["internal", "sip:reception@sbc.example"],
    ["internal", "sip:10.20.130.140"],
    ["short_number", "tel:+12345"],
    ["short_number", "112"],
    ["short_number", "sip:2001@sbc.example"],
    ["short_number", "123456"],
    ["opaque", "5f50dce9-65a1-5bd9-9544-81ccb33d738e"],
    ["opaque", "12345678-1234-1234-1234-123456789012"],
    ["opaque", "5c1f0a9b8e7d6c5b4a392817"],
    ["opaque", "240572312345678901"],
    ["opaque", "US.13491208655302741918"],
    ["opaque", "1-800-FLOWERS"],
    ["opaque", "*31#5550199999"],
    ["opaque", "not an address"],
    ["opaque", "ada@localhost"],
    ["opaque", "%E0%A4%A"],
    ["opaque", "mailto:"],
    ["opaque", "+1555".repeat(200)],
    ["no_address", ""],
    ["no_address", "  \t"],
    ["no_address", "\u200b"],
    ["no_address", undefined],
  ])("%s: %s", (why, raw) => {
    expect(readAddress(raw)).toEqual({ kind: "unusable", why });
  });
});

describe("any text", () => {
  const piece = fc.constantFrom(
    ..."0123456789+()-. ;,:@<>\"'\\%/?#x~*=&[]_",
    ...["tel:", "sip:", "mailto:", "whatsapp:", "%2B", "%40", "%", "phone-context=", "ext", "+43"],
    ...[
      "example.com",
      "localhost",
      "ada",
      "é",
      "ü.de",
      "٣",
      "〜",
      "\u200d",
      "\u202e",
      "\ud800",
      "𝟙",
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.stringMatching(/^(tel:|sip:)?[+\dx;,@. ()-]{0,30}$/),
    fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join("")),
  );

  test("is read without an error, as a number in ASCII, an address, or nobody", () => {
    fc.assert(
      fc.property(text, (raw) => {
        const address = readAddress(raw);
        if (address.kind === "email") {
          expect(address.address).toMatch(/^[!-~ ]{1,64}@[a-z0-9.-]{3,189}$/);
          expect(address.address).not.toMatch(/[;\\A-Z]/);
        }
        if (address.kind !== "phone") return;
        expect(address.text).toMatch(/^\+?[\d ().\-/\u00b7[\]]+$/);
        expect(address.text.replace(/\D/g, "").length).toBeGreaterThanOrEqual(7);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is read in time in proportion to its length, however hostile", () => {
    const pieces = [
      "1",
      "+",
      " ",
      ",",
      "x",
      "(",
      '"',
      "<",
      "%40",
      "%",
      ";",
      "@",
      "a.",
      "-",
      "ext",
      "１",
      "\\",
    ];
    const hostile = pieces.flatMap((one) => [
      ...["", "tel:", "sip:", "mailto:", "+1 555 019 9999"].flatMap((first) =>
        ["", "!", "1#", "@a.bc"].map((last) => first + one.repeat(500 / one.length) + last),
      ),
      one.repeat(10_240 / one.length),
    ]);
    const begun = performance.now();
    for (const raw of hostile) readAddress(raw);
    // Some 0.1 ms each. A pattern that backtracks takes seconds for one.
    expect(performance.now() - begun).toBeLessThan(10 * hostile.length);
  });
});
