import { expect, it } from "vitest";
import { Failure } from "../../src/failure.ts";
import { carryOut, type Doing } from "../../src/setup/carry-out.ts";
import type { OrgChanges } from "../../src/setup/org/changes.ts";
import { makePlan } from "../../src/setup/plan/plan.ts";
import { EMPTY, WISH } from "./picture.ts";

const refused = () =>
  new Failure({
    ...{ kind: "permanent", code: "bad_request", source: "genesys", status: 400 },
    ...{ message: "answered 400", cure: "look" },
  });

/** Does what it is told, and refuses each client of this grant type. */
function changes(refusedType: string, tried: string[]): OrgChanges {
  const id = () => Promise.resolve("made");
  const nothing = () => Promise.resolve();
  return {
    ...{ createRole: id, createIntegration: id, createCredential: id, renewSecret: id },
    ...{ updateRole: nothing, grant: nothing, takeBack: nothing, updateClient: nothing },
    ...{ configure: nothing, enable: nothing },
    createClient({ grantType }) {
      tried.push(grantType);
      return grantType === refusedType
        ? Promise.reject(refused())
        : Promise.resolve({ id: "made", secret: "s3cret" });
    },
  };
}

async function doneWith(refusedType: string) {
  const tried: string[] = [];
  const pauses: number[] = [];
  const panel = { url: "https://panel.example.com/", groups: [], attributePrefix: "oracle_" };
  const plan = makePlan(EMPTY, { ...WISH, panel }, "the vault");
  const doing: Doing = {
    changes: changes(refusedType, tried),
    // No data action is wished for.
    registry: {} as Doing["registry"],
    keep: () => Promise.resolve(),
    ...{ done: () => undefined, settling: () => undefined },
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  };
  const failure = await carryOut(plan.steps, plan.made, doing).catch((error: unknown) => error);
  return { tried, pauses, failure };
}

it("waits a minute for the grant that a client needs, and no longer", async () => {
  const { pauses, tried, failure } = await doneWith("CLIENT-CREDENTIALS");
  expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(55_000);
  expect(tried).toHaveLength(12);
  expect(failure).toMatchObject({
    message: "OAuth client Ringahead could not be made as planned: answered 400",
  });
});

it("does not wait for a grant where a client needs none", async () => {
  const { pauses, tried, failure } = await doneWith("CODE");
  expect({ pauses, tried }).toEqual({ pauses: [], tried: ["CLIENT-CREDENTIALS", "CODE"] });
  expect(failure).toMatchObject({
    message: "OAuth client Ringahead panel could not be made as planned: answered 400",
  });
});
