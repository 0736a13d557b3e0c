import { expect, test } from "vitest";
import { panelAttributes } from "../../../../src/domain/summary/panel-labels.ts";
import { summarise } from "../../../../src/domain/summary/summarise.ts";
import { AT, found, options } from "../../../support/summary-outcomes.ts";

const key = (label: string) => `conversationDetails.participantData.${label}`;

test("labelled values, with their types", () => {
  const labels = {
    summary: "Summary",
    open_cases: "Open cases",
    last_case: "Last case",
    case_url: "Link",
    as_of: "As of",
  };
  const values = {
    summary: "2 open cases",
    open_cases: "2",
    last_case: "00042",
    case_url: "https://crm.example/00042",
    as_of: "2026-01-02T10:02:00.000Z",
  };
  expect(panelAttributes(values, labels)).toEqual({
    [key("Summary")]: "2 open cases",
    [key("Open cases")]: "integer:2",
    [key("Last case")]: "00042",
    [key("Link")]: "https://crm.example/00042",
    [key("As of")]: "datetime:2026-01-02T10:02:00.000Z",
  });
});

test("without label or value there is no attribute, and 20+ is text", () => {
  expect(panelAttributes({ summary: "2 open cases" }, { open_cases: "Open" })).toEqual({});
  expect(panelAttributes({ open_cases: "20+" }, { open_cases: "Open" })).toEqual({
    [key("Open")]: "20+",
  });
});

test("are written in addition to our own attributes", () => {
  const panelLabels = { summary: "Oracle", open_cases: "Open cases" };
  expect(summarise(found(), { ...options, panelLabels }, AT)).toMatchObject({
    oracle_open_cases: "2",
    [key("Open cases")]: "integer:2",
  });
  // A label without a value is emptied: the value of an earlier answer must not stay.
  expect(summarise({ match: "unavailable" }, { ...options, panelLabels }, AT)).toMatchObject({
    [key("Oracle")]: "History unavailable - the customer may be known",
    [key("Open cases")]: "",
  });
});
