import { describe, expect, it } from "vitest";
import { rulesFor, topics } from "../../../../src/domain/event/rules.ts";
import { compilePattern } from "../../../../src/sandbox/simulators/eventbridge/pattern/event-pattern.ts";
import { sampleBody, sampleNames } from "../../../support/events.ts";

/** The names of the rules that match an event. */
function matching(event: unknown, rules = rulesFor({ attributePrefix: "oracle_" })): string[] {
  return rules.filter(({ pattern }) => compilePattern(pattern)(event)).map(({ name }) => name);
}

/** A sample event with fields of its body replaced; undefined leaves one out. */
function sample(name: string, eventBody: Record<string, unknown> = {}): Record<string, unknown> {
  return JSON.parse(sampleBody(name, eventBody));
}

describe("rulesFor", () => {
  it("has one rule for each topic, with names and descriptions that EventBridge accepts", () => {
    const rules = rulesFor({ attributePrefix: "oracle_" });
    const types = rules.flatMap(({ pattern }) => pattern["detail-type"]);
    expect(types.toSorted()).toEqual(Object.values(topics).toSorted());
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    for (const { name, description, pattern } of rules) {
      expect(name).toMatch(/^[.\-_A-Za-z0-9]{1,64}$/);
      expect(description.length).toBeLessThanOrEqual(512);
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
    }
  });

  it("matches an event with a collected reference once, be our attributes in it or not", () => {
    const rules = rulesFor({
      attributePrefix: "oracle_",
      referenceAttribute: "customer.reference",
    });
    const names = (attributes: Record<string, unknown>) =>
      matching(sample("attributes-voice", { attributes }), rules);
    expect(names({ "customer.reference": "AC-1007" })).toEqual(["ringahead-reference"]);
    expect(names({ "customer.reference": "AC-1007", oracle_status: "found" })).toEqual([
      "ringahead-attributes",
    ]);
    expect(names({ oracle_status: "found" })).toEqual(["ringahead-attributes"]);
    expect(names({ something: "else" })).toEqual([]);
    expect(
      matching(sample("attributes-voice", { attributes: { "customer.reference": "1" } })),
    ).toEqual([]);
  });

  it.each(sampleNames.map((name) => [name]))("matches %s with its own rule, or none", (name) => {
    const expected: Record<string, readonly string[]> = {
      "acd-start": [],
      attributes: ["ringahead-attributes"],
      contact: ["ringahead-contact"],
      "customer-end": ["ringahead-customer-end"],
      "customer-start": ["ringahead-customer-start"],
      "operations-event": ["ringahead-operations"],
      "user-start": ["ringahead-user-start"],
      "user-tokens": ["ringahead-user-tokens"],
    };
    const kind = Object.keys(expected).find((one) => name.startsWith(one));
    expect(matching(sample(name))).toEqual(expected[kind ?? ""]);
  });

  const customerTopics = [
    ["customer-start-voice"],
    ["customer-end-voice"],
    ["contact-message-web"],
    ["user-start-voice"],
  ] as const;

  describe.each(customerTopics)("%s", (name) => {
    it.each([["INTERNALMESSAGE"], ["SCREENMONITORING"], ["SCREENSHARE"], ["COBROWSE"]])(
      "does not match %s",
      (mediaType) => {
        expect(matching(sample(name, { mediaType }))).toEqual([]);
      },
    );

    it.each([
      ["known", "CALLBACK"],
      ["unknown", "HOLOGRAM"],
      ["missing", undefined],
      ["null", null],
    ])("matches a media type that is %s", (_what, mediaType) => {
      expect(matching(sample(name, { mediaType }))).toHaveLength(1);
    });
  });

  it.each([
    ["without values", {}],
    ["of other systems", { language: "en", oracle_open_cases: "2", statusoracle_status: "found" }],
  ])("does not match attributes %s", (_what, attributes) => {
    expect(matching(sample("attributes-voice", { attributes }))).toEqual([]);
  });

  it.each([["crm_"], ["oracle."], [""]])(
    "uses the prefix of the status attribute: %sstatus",
    (prefix) => {
      const rules = rulesFor({ attributePrefix: prefix });
      const ours = { attributes: { [`${prefix}status`]: "found", oracle_status: "found" } };
      expect(matching(sample("attributes-voice", ours), rules)).toEqual(["ringahead-attributes"]);
      expect(matching(sample("attributes-voice"), rules)).toEqual([]);
    },
  );

  it("matches only events of Genesys Cloud, or of one of its sources", () => {
    const event = sample("customer-start-voice");
    const source = "aws.partner/genesys.com/cloud/another-org/other";
    expect(matching({ ...event, source: "acme.orders" })).toEqual([]);
    expect(matching({ ...event, source })).toEqual(["ringahead-customer-start"]);
    const exact = rulesFor({ attributePrefix: "oracle_", source });
    expect(matching(event, exact)).toEqual([]);
    expect(matching({ ...event, source }, exact)).toEqual(["ringahead-customer-start"]);
  });

  it("matches the topic template, not a concrete topic", () => {
    const event = sample("customer-start-voice");
    const concrete = topics.customerStart.replace("{id}", "c0ebb126-9b86-56cc-87de-74f0df554313");
    expect(matching({ ...event, "detail-type": concrete })).toEqual([]);
  });
});
