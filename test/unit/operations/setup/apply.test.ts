import { expect, it } from "vitest";
import { Failure } from "../../../../src/domain/failure.ts";
import { type ApplyContext, applyStep } from "../../../../src/operations/setup/apply.ts";
import type { OrgWriter } from "../../../../src/operations/setup/org/changes.ts";
import { makePlan } from "../../../../src/operations/setup/plan/plan.ts";
import { EMPTY, WISH } from "../../../support/setup-state.ts";

const refused = () =>
  new Failure({
    ...{ kind: "permanent", code: "bad_request", source: "genesys", status: 400 },
    ...{ message: "answered 400", cure: "look" },
  });

/** Does what it is told, and refuses each client of this grant type. */
function changes(refusedType: string, tried: string[]): OrgWriter {
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

function doingWith(pauses: number[], more: Pick<ApplyContext, "changes" | "keep">): ApplyContext {
  return {
    ...more,
    // No data action is wished for.
    registry: {} as ApplyContext["registry"],
    ...{ done: () => undefined, settling: () => undefined },
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  };
}

async function doneWith(refusedType: string) {
  const tried: string[] = [];
  const pauses: number[] = [];
  const panel = { url: "https://panel.example.com/", groups: [], attributePrefix: "oracle_" };
  const plan = makePlan(EMPTY, { ...WISH, panel }, "the vault");
  const doing = doingWith(pauses, {
    changes: changes(refusedType, tried),
    keep: () => Promise.resolve(),
  });
  const failure = await applyStep(plan.steps, plan.made, doing).catch((error: unknown) => error);
  return { tried, pauses, failure };
}

it.each([
  [2, "made"],
  [4, "lost"],
])("tries to keep the secret again where that may pass: %i times in vain", async (times, end) => {
  const pauses: number[] = [];
  let left = times;
  const doing = doingWith(pauses, {
    changes: changes("nobody's", []),
    keep() {
      if (left === 0) return Promise.resolve();
      left -= 1;
      const told = { kind: "retryable", code: "network", source: "worker" } as const;
      return Promise.reject(new Failure({ ...told, message: "not reached", cure: "look" }));
    },
  });
  const plan = makePlan(EMPTY, WISH, "the vault");
  const made = await applyStep(plan.steps, plan.made, doing).catch((error: unknown) => error);
  expect(pauses).toEqual(Array.from({ length: Math.min(times, 3) }, () => 5_000));
  expect(made).toMatchObject(
    end === "made"
      ? { clientIds: { worker: "made" } }
      : { message: expect.stringContaining("nobody can read it any more: not reached") },
  );
});

it("says that the secret is lost where the wait to keep it is called off", async () => {
  const told = { kind: "retryable", code: "network", source: "worker" } as const;
  const doing = {
    ...doingWith([], {
      changes: changes("nobody's", []),
      keep: () => Promise.reject(new Failure({ ...told, message: "not reached", cure: "look" })),
    }),
    pause: () => Promise.reject(new DOMException("called off", "AbortError")),
  };
  const plan = makePlan(EMPTY, WISH, "the vault");
  await expect(applyStep(plan.steps, plan.made, doing)).rejects.toMatchObject({
    message: expect.stringContaining("nobody can read it any more: not reached"),
    cure: expect.stringContaining("--new-secret"),
  });
});

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
