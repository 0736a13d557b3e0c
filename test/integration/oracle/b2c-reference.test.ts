import { describe, expect, it } from "vitest";
import { reference, startB2cSource } from "../../support/b2c-source.ts";
import { customers } from "../../support/oracle-contract-customers.ts";

const ACCOUNT = { referenceFields: ["CustomFields.c.account_no"] };

describe("a reference", () => {
  it.each([
    ["a contact's id", "3", {}, "3"],
    ["an incident's number", "260103-000003", {}, "3"],
    ["an incident's number from telephone keys", "260103000003", {}, "3"],
    ["a configured field, with its zeros", "000417", ACCOUNT, "20"],
  ])("that is %s finds the contact in two requests", async (_, text, changes, id) => {
    const site = await startB2cSource({}, changes);
    const one = text === "3" ? { kind: "reference", reference: "3" } : reference(text);
    const history = await site.find(one as ReturnType<typeof reference>);
    expect(history).toMatchObject({ match: "found", rank: "exact", customer: { id } });
    expect(site.sent).toHaveLength(2);
  });

  it.each([
    // Zeros count, and a contact's id is none of the configured fields.
    ["417", ACCOUNT],
    ["0000417", ACCOUNT],
    ["003", {}],
    ["009", ACCOUNT],
    ["990101-000001", {}],
    ["ABC-12", {}],
  ])("%s of nobody finds nobody", async (text, changes) => {
    const site = await startB2cSource({}, changes);
    expect(await site.find(reference(text))).toEqual({ match: "not_found" });
    expect(site.sent.length).toBeLessThanOrEqual(1);
  });

  it("of several contacts of one organisation names the organisation", async () => {
    const shared = customers.map((one) => ({ ...one, accountNumber: one.accountName }));
    const acme = shared.map((one) => ({ ...one, accountNumber: "ACME-1" })).slice(9, 12);
    const site = await startB2cSource({ customers: [...shared.slice(0, 9), ...acme] }, ACCOUNT);
    expect(await site.find(reference("acme-1"))).toEqual({
      match: "ambiguous",
      organisation: {
        name: "Acme",
        contacts: { count: 3, exact: true },
        openCases: { count: 4, exact: true },
      },
    });
  });

  it("of one contact that is in use and one that is not finds the first", async () => {
    const two = customers.slice(0, 2).map((one, index) => ({
      ...{ ...one, accountNumber: "77-1", disabled: index === 0 },
    }));
    const site = await startB2cSource({ customers: two }, ACCOUNT);
    expect(await site.find(reference("77-1"))).toMatchObject({ customer: { id: "2" } });
  });
});
