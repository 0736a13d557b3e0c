import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGroups } from "../../../../src/operations/dead-letters/groups.ts";
import { maskedBody, plainBody } from "../../../../src/operations/dead-letters/mask.ts";
import { readDeadLetter } from "../../../../src/operations/dead-letters/read-dead-letter.ts";
import { judge, verdictOfCode } from "../../../../src/operations/dead-letters/verdict.ts";
import { reasonJson, startBody } from "../../../support/dead-letters.ts";
import { sampleBody, sampleNames } from "../../../support/events.ts";

const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
const MINUTE = 60_000;

function read(body: string, attributes: Readonly<Record<string, string>> = {}) {
  return readDeadLetter(
    {
      Body: body,
      MessageId: "id",
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, attribute(value)]),
      ),
    },
    Date.now(),
  );
}

describe("the verdict", () => {
  const now = Date.now();
  const verdict = (code: string, more = {}, body = {}) =>
    judge(read(startBody("v", body), { failure: reasonJson(code, more) }), now, 3).is;

  it("exists for every failure code, and each code has a heading in the guide", () => {
    const guide = readFileSync(
      new URL("../../../../docs/how-to/dead-letters.md", import.meta.url),
      "utf8",
    );
    for (const [code, expected] of verdictOfCode) {
      if (code !== "crashed" && code !== "unreadable") expect(verdict(code)).toBe(expected.is);
      expect(guide).toContain(`\n### \`${code}\``);
    }
    expect(guide).toContain("\n### `delivery_failed`");
  });

  it("is fix-first for the code of another version, whatever its name", () => {
    expect(verdict("of_a_later_version")).toBe("fix-first");
    expect(verdict("constructor")).toBe("fix-first");
  });

  it.each([
    ["VOICE", 29, "replayable"],
    ["VOICE", 31, "too-late"],
    ["EMAIL", 599, "replayable"],
    ["EMAIL", 601, "too-late"],
    [undefined, 31, "too-late"],
  ])("%s after %d min is %s", (mediaType, minutes, expected) => {
    expect(verdict("timeout", {}, { mediaType, eventTime: now - minutes * MINUTE })).toBe(expected);
  });

  it("of a reference goes by the medium of its participant", () => {
    const communications = [{ id: "s1", mediaType: "MESSAGE" }];
    const body = sampleBody("attributes-voice", { communications, eventTime: now - 31 * MINUTE });
    expect(judge(read(body, { failure: reasonJson("timeout") }), now, 3).is).toBe("replayable");
  });

  it.each([
    ["THROTTLING", "replayable"],
    ["NO_PERMISSIONS", "fix-first"],
    ["SOMETHING_NEW", "fix-first"],
  ])("of EventBridge's %s is %s", (code, expected) => {
    expect(judge(read(startBody("e"), { ERROR_CODE: code }), now, 3).is).toBe(expected);
  });

  it("can be judged for any message", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.dictionary(fc.constantFrom("failure", "replays", "ERROR_CODE"), fc.json()),
        (body, attributes) => {
          const message = read(body, attributes);
          const groups = createGroups();
          groups.add(message, judge(message, now, 3));
          expect(groups.all).toHaveLength(1);
        },
      ),
    );
  });

  it("ignores an event time from a wrong clock", () => {
    const message = read(startBody("c", { eventTime: 8_999_999_999_999_999 }));
    expect(Math.abs(message.happenedAt - now)).toBeLessThan(MINUTE);
  });
});

describe("groups", () => {
  it("are limited in number, whatever codes and topics there are", () => {
    const groups = createGroups();
    for (let index = 0; index < 500; index += 1) {
      const message = read(
        JSON.stringify({ id: "e", "detail-type": `topic.${index}`, detail: { eventBody: {} } }),
        { failure: reasonJson(`code_${index}`) },
      );
      groups.add(message, { is: "replayable", because: "" });
    }
    expect(groups.count).toBe(500);
    expect(groups.all.length).toBeLessThanOrEqual(101);
    expect(groups.all[0]).toMatchObject({ failure: "other", count: 400 });
    expect(Object.keys(groups.all[0]?.topics ?? {}).length).toBeLessThanOrEqual(21);
  });
});

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

describe("masking", () => {
  it.each(sampleNames)("%s shows no number, address or name", (name) => {
    const masked = maskedBody(sampleBody(name));
    const beyondIds = masked.replace(UUID, "").replace(/"eventTime": \d+/g, "");
    expect(beyondIds).not.toMatch(/\d{7}|@/);
    expect(masked).toContain('"detail-type": "v2.');
  });

  it("hides free text and long numbers in every place", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom("participantId", "userId", "ani", "x"), fc.string()),
        fc.constantFrom("+15550199999", "15550199999", "Ada Example", "a@example.com", 15550199999),
        (key, value) => {
          const masked = maskedBody(
            JSON.stringify({ detail: { [key]: [value], eventBody: { [key]: value } } }),
          );
          expect(masked).not.toContain(String(value));
        },
      ),
    );
    expect(maskedBody(JSON.stringify({ "+15550199999": 1 }))).not.toContain("5550199999");
    expect(maskedBody("call +15550199999")).toBe("(17 characters that are not JSON)");
  });

  it("escapes control characters, masked or not", () => {
    const odd = `\u001B[31m\u009B2J\u202E`;
    for (const shown of [
      plainBody(odd),
      plainBody(JSON.stringify({ [odd]: odd })),
      maskedBody(JSON.stringify({ [odd]: odd })),
    ]) {
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });
});
