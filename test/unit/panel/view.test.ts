import { describe, expect, it } from "vitest";
import { languages } from "../../../src/domain/summary/languages.ts";
import { readPanelAddress } from "../../../src/panel/address.ts";
import { readConversation } from "../../../src/panel/conversation.ts";
import { contentSecurityPolicy, originsAt } from "../../../src/panel/policy.ts";
import { nextPollMs } from "../../../src/panel/poll-interval.ts";
import { viewOf } from "../../../src/panel/view.ts";
import { words } from "../../../src/panel/words.ts";

const query = (more: Readonly<Record<string, string>>) =>
  `?${new URLSearchParams({
    gcHostOrigin: "https://apps.mypurecloud.de",
    gcConversationId: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
    clientId: "5e1b",
    ...more,
  })}`;
const PAGE = "https://panel.example.com";

it("reads the parameters that Genesys Cloud fills in", () => {
  expect(readPanelAddress(query({ pcLangTag: "de-CH", pcUsePopupAuth: "true" }), PAGE)).toEqual({
    conversationId: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
    clientId: "5e1b",
    apiUrl: "https://api.mypurecloud.de",
    loginUrl: "https://login.mypurecloud.de",
    prefix: "oracle_",
    language: "de",
    popup: true,
  });
});

it.each([
  { gcHostOrigin: "https://apps.mypurecloud.de.evil.example" },
  { gcHostOrigin: "http://apps.mypurecloud.de" },
  // The simulator on this machine, for a page from elsewhere.
  { gcHostOrigin: "http://127.0.0.1:8080" },
  { gcConversationId: "" },
  { gcConversationId: "{{gcConversationId}}" },
  { clientId: "" },
  { prefix: "1" },
])("refuses %j by name", (wrong) => {
  expect(readPanelAddress(query(wrong), PAGE)).toEqual({
    problem: expect.stringContaining(`${Object.keys(wrong)[0]}=`),
  });
});

describe("the conversation's customer", () => {
  const found = { oracle_status: "found" };
  const caller = { id: "a", purpose: "customer", startTime: "2026-01-02T03:04:05Z" };
  const leg = {
    id: "b",
    purpose: "customer",
    startTime: "2026-01-02T03:09:05Z",
    ani: "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost",
    calls: [{ direction: "outbound" }],
    attributes: { oracle_status: "not_found" },
  };
  const attributesIn = (...participants: readonly unknown[]) =>
    readConversation({ participants })?.attributes;

  it("is the caller, and not a party that an agent called", () => {
    const agent = { purpose: "agent", attributes: { oracle_status: "agent's" } };
    expect(attributesIn(agent, leg, { ...caller, attributes: found })).toEqual(found);
  });

  it("is the caller before anything is written to them", () => {
    expect(attributesIn(leg, caller)).toEqual({});
    expect(attributesIn(leg, { ...caller, attributes: null })).toEqual({});
  });

  it("keeps the other attributes if one is not a text", () => {
    const odd = { ...found, a: null, b: 7, c: { d: "e" } };
    expect(attributesIn({ ...caller, attributes: odd })).toEqual(found);
  });

  it("is read whatever else is odd", () => {
    const odd = { ...caller, endTime: 7, calls: "none", ani: 5, attributes: found };
    expect(attributesIn(null, 5, "x", odd)).toEqual(found);
    expect(readConversation({ participants: null, endTime: 7 })).toEqual({
      ended: false,
      attributes: {},
    });
    expect(readConversation({ endTime: "2026-01-01T00:00:00Z" })?.ended).toBe(true);
    for (const body of ["<html>", null, undefined, 5, []]) {
      expect(readConversation(body)).toBeUndefined();
    }
  });
});

it.each([
  [{}, "waiting"],
  [{ oracle_status: "something new" }, "waiting"],
  [{ oracle_status: "found", oracle_summary: "" }, "emptied"],
  [{ oracle_status: "ambiguous", oracle_summary: "two" }, "ambiguous"],
] as const)("shows %j as %s", (attributes, state) => {
  expect(viewOf(attributes, "oracle_").state).toBe(state);
});

it("shows the summary if history and link are invalid", () => {
  const attributes = {
    oracle_status: "found",
    oracle_summary: "2 open cases",
    oracle_history: '[{"ref":"1","subj',
    oracle_case_url: "javascript:alert(1)",
    oracle_as_of: "yesterday",
  };
  expect(viewOf(attributes, "oracle_")).toMatchObject({
    summary: "2 open cases",
    cases: [],
    url: undefined,
    asOf: undefined,
  });
});

it("polls soon while an update is likely, slower after failures, and not after the end", () => {
  const last = { state: "waiting", ended: false, failures: 0, retryAfterMs: undefined } as const;
  expect(nextPollMs(last)).toBe(3_000);
  expect(nextPollMs({ ...last, state: "found" })).toBe(20_000);
  expect(nextPollMs({ ...last, state: "found", ended: true })).toBeUndefined();
  expect(nextPollMs({ ...last, failures: 3 })).toBe(12_000);
  expect(nextPollMs({ ...last, failures: 30 })).toBe(60_000);
  expect(nextPollMs({ ...last, failures: 1, retryAfterMs: 45_000 })).toBe(45_000);
});

it("has a policy without inline code, and texts in every language", () => {
  expect(contentSecurityPolicy(originsAt("mypurecloud.de"))).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; " +
      "connect-src https://api.mypurecloud.de https://login.mypurecloud.de; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors https://apps.mypurecloud.de",
  );
  for (const language of languages) {
    expect(Object.values(words[language]).filter((word) => word === "")).toEqual([]);
  }
});
