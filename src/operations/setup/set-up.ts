import { type ApplyContext, type ApplyProgress, applySteps } from "./apply.ts";
import { type OrgReading, readOrg } from "./org/read-org.ts";
import type { Client, CurrentState, SecretState } from "./plan/current-state.ts";
import type { DesiredState } from "./plan/desired-state.ts";
import { makePlan, type Plan } from "./plan/plan.ts";
import type { Change, CreatedIds } from "./plan/step.ts";
import type { SecretPlace } from "./secret/place.ts";

export interface SetUpProgress extends ApplyProgress {
  /** Called with the plan before anything is changed. */
  readonly planned: (plan: Plan, current: CurrentState) => void;
}

export interface SetUpDeps extends Pick<ApplyContext, "writer" | "pause" | "signal"> {
  readonly reading: OrgReading;
  readonly place: SecretPlace;
  readonly trySecret: (clientId: string, secret: string | undefined) => Promise<SecretState>;
  readonly progress: SetUpProgress;
}

/**
 * - `done`: the org is in the desired state
 * - `planned`: changes are needed, and the dry run made none
 * - `stopped`: a step is blocked or a permission is missing; nothing was changed
 */
export type SetUpResult = "done" | "planned" | "stopped";

export interface SetUpOutcome {
  readonly result: SetUpResult;
  readonly plan: Plan;
  readonly organization: CurrentState["organization"];
  readonly ids: CreatedIds;
}

/**
 * Reads the org, makes the plan and applies it. Nothing is changed if a step is blocked, a permission is
 * missing, the client's secret cannot be stored, or `dryRun` is true.
 * @throws {Failure}
 */
export async function setUp(
  deps: SetUpDeps,
  desired: DesiredState,
  dryRun: boolean,
): Promise<SetUpOutcome> {
  const { reading, place, progress, writer, pause, signal } = deps;
  const org = await readOrg(reading, desired);
  const client = org.clients.find(({ name }) => name === desired.name);
  const current: CurrentState = { ...org, secret: await secretState(client, deps) };
  const plan = makePlan(current, desired, place.description);
  progress.planned(plan, current);
  const outcome = { plan, organization: current.organization, ids: plan.ids };
  if (plan.missing.length > 0 || plan.steps.some(({ action }) => action === "blocked")) {
    return { ...outcome, result: "stopped" };
  }
  const changes = plan.steps.flatMap((step) => step.changes);
  if (changes.length === 0) return { ...outcome, result: "done" };
  if (dryRun) return { ...outcome, result: "planned" };
  if (changes.some(returnsSecret)) await place.prepare();
  const ids = await applySteps(plan.steps, plan.ids, {
    ...{ writer, registry: reading.registry, progress, pause, signal },
    storeSecret: (secret) => place.store(secret),
  });
  return { ...outcome, result: "done", ids };
}

async function secretState(
  client: Client | undefined,
  { place, trySecret }: SetUpDeps,
): Promise<SecretState> {
  const stored = await place.read();
  if (client === undefined) return stored === undefined ? "untried" : "foreign";
  return client.state === "active" ? trySecret(client.id, stored) : "untried";
}

function returnsSecret(change: Change): boolean {
  return (
    change.kind === "renewSecret" || (change.kind === "createClient" && change.key === "worker")
  );
}
