import { expect, it } from "vitest";
import { Failure } from "../../../../src/domain/failure.ts";
import { type ApplyContext, applySteps } from "../../../../src/operations/setup/apply.ts";
import type { OrgWriter } from "../../../../src/operations/setup/org/org-writer.ts";
import { makePlan } from "../../../../src/operations/setup/plan/plan.ts";
import { DESIRED, EMPTY } from "../../../support/setup-state.ts";

const refused = () =>
  new Failure({
    ...{ kind: "permanent", code: "bad_request", source: "genesys", status: 400 },
    ...{ message: "answered 400", cure: "look" },
  });

/** Accepts every change but the creation of clients with this grant type. */
function writerRefusing(refusedType: string, tried: string[]): OrgWriter {
  const id = () => Promise.resolve("created");
  const nothing = () => Promise.resolve();
  return {
    ...{ createRole: id, createIntegration: id, createCredential: id, renewSecret: id },
    ...{ updateRole: nothing, grant: nothing, revoke: nothing, updateClient: nothing },
    ...{ configure: nothing, enable: nothing },
    createClient({ grantType }) {
      tried.push(grantType);
      return grantType === refusedType
        ? Promise.reject(refused())
        : Promise.resolve({ id: "created", secret: "s3cret" });
    },
  };
}

function contextWith(
  pauses: number[],
  parts: Pick<ApplyContext, "writer" | "storeSecret">,
): ApplyContext {
  return {
    ...parts,
    // The plans of these tests have no data action.
    registry: {} as ApplyContext["registry"],
    progress: { applied: () => undefined, waitingForGrant: () => undefined },
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
  };
}

async function applyRefusing(refusedType: string) {
  const tried: string[] = [];
  const pauses: number[] = [];
  const panel = { url: "https://panel.example.com/", groups: [], attributePrefix: "oracle_" };
  const plan = makePlan(EMPTY, { ...DESIRED, panel }, "the vault");
  const context = contextWith(pauses, {
    writer: writerRefusing(refusedType, tried),
    storeSecret: () => Promise.resolve(),
  });
  const failure = await applySteps(plan.steps, plan.ids, context).catch((error: unknown) => error);
  return { tried, pauses, failure };
}

it.each([
  [2, "created"],
  [4, "lost"],
])("retries a transient failure of the secret store: %i failures", async (times, end) => {
  const pauses: number[] = [];
  let left = times;
  const context = contextWith(pauses, {
    writer: writerRefusing("nobody's", []),
    storeSecret() {
      if (left === 0) return Promise.resolve();
      left -= 1;
      const details = { kind: "retryable", code: "network", source: "worker" } as const;
      return Promise.reject(new Failure({ ...details, message: "not reached", cure: "look" }));
    },
  });
  const plan = makePlan(EMPTY, DESIRED, "the vault");
  const result = await applySteps(plan.steps, plan.ids, context).catch((error: unknown) => error);
  expect(pauses).toEqual(Array.from({ length: Math.min(times, 3) }, () => 5_000));
  expect(result).toMatchObject(
    end === "created"
      ? { clientIds: { worker: "created" } }
      : {
          message: expect.stringContaining(
            "its secret could not be stored and is lost: not reached",
          ),
        },
  );
});

it("reports the secret as lost if the wait for the secret store is interrupted", async () => {
  const details = { kind: "retryable", code: "network", source: "worker" } as const;
  const context = {
    ...contextWith([], {
      writer: writerRefusing("nobody's", []),
      storeSecret: () =>
        Promise.reject(new Failure({ ...details, message: "not reached", cure: "look" })),
    }),
    pause: () => Promise.reject(new DOMException("aborted", "AbortError")),
  };
  const plan = makePlan(EMPTY, DESIRED, "the vault");
  await expect(applySteps(plan.steps, plan.ids, context)).rejects.toMatchObject({
    message: expect.stringContaining("its secret could not be stored and is lost: not reached"),
    cure: expect.stringContaining("--new-secret"),
  });
});

it("waits at most a minute for the grant that a client needs", async () => {
  const { pauses, tried, failure } = await applyRefusing("CLIENT-CREDENTIALS");
  expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(55_000);
  expect(tried).toHaveLength(12);
  expect(failure).toMatchObject({
    message: "OAuth client Ringahead could not be set up as planned: answered 400",
  });
});

it("does not wait for a grant if the client needs none", async () => {
  const { pauses, tried, failure } = await applyRefusing("CODE");
  expect({ pauses, tried }).toEqual({ pauses: [], tried: ["CLIENT-CREDENTIALS", "CODE"] });
  expect(failure).toMatchObject({
    message: "OAuth client Ringahead panel could not be set up as planned: answered 400",
  });
});
