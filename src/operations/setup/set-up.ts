import { type ApplyContext, applyStep } from "./apply.ts";
import { type OrgReading, readOrg } from "./org/read-org.ts";
import type { Client, CurrentState, SecretState } from "./plan/current-state.ts";
import type { DesiredState } from "./plan/desired-state.ts";
import { makePlan, type Plan } from "./plan/plan.ts";
import type { CreatedIds, Step } from "./plan/step.ts";
import type { SecretPlace } from "./secret/place.ts";

export interface SetUpOptions
  extends Pick<ApplyContext, "changes" | "pause" | "settling" | "signal"> {
  readonly reading: OrgReading;
  readonly place: SecretPlace;
  readonly trySecret: (clientId: string, secret: string | undefined) => Promise<SecretState>;
  readonly wish: DesiredState;
  /** Looks, and changes nothing. */
  readonly dryRun: boolean;
  /** Told of the plan before anything is done. */
  readonly planned: (plan: Plan, picture: CurrentState) => void;
  /** Told of each step that something was done about, once it is. */
  readonly done: (step: Step) => void;
}

/**
 * - `done`: everything is as wished
 * - `planned`: something would be done, and was not
 * - `stopped`: something has to be decided or permitted first; nothing was changed
 */
export type SetUpResult = "done" | "planned" | "stopped";

export interface SetUp {
  readonly result: SetUpResult;
  readonly plan: Plan;
  readonly organization: CurrentState["organization"];
  readonly made: CreatedIds;
}

/**
 * Reads the org, makes the plan, and carries it out. It begins only where the whole of it can be done: nothing
 * is blocked, no permission is missing, and the client's secret can be kept.
 * @throws {Failure}
 */
export async function setUp(options: SetUpOptions): Promise<SetUp> {
  const { reading, place, wish, dryRun } = options;
  const org = await readOrg(reading, wish);
  const client = org.clients.find(({ name }) => name === wish.name);
  const secret = await secretOf(client, options);
  const picture: CurrentState = { ...org, secret };
  const plan = makePlan(picture, wish, place.told);
  const { organization } = picture;
  options.planned(plan, picture);
  const told = { plan, organization, made: plan.made };
  if (plan.missing.length > 0 || plan.steps.some(({ does }) => does === "blocked")) {
    return { ...told, result: "stopped" };
  }
  const deeds = plan.steps.flatMap((step) => step.deeds);
  if (deeds.length === 0) return { ...told, result: "done" };
  if (dryRun) return { ...told, result: "planned" };
  if (deeds.some(tellsSecret)) await place.prepare();
  const made = await applyStep(plan.steps, plan.made, {
    ...options,
    registry: reading.registry,
    keep: (value) => place.keep(value),
  });
  return { ...told, result: "done", made };
}

async function secretOf(
  client: Client | undefined,
  { place, trySecret }: SetUpOptions,
): Promise<SecretState> {
  const kept = await place.read();
  if (client === undefined) return kept === undefined ? "untried" : "foreign";
  return client.state === "active" ? trySecret(client.id, kept) : "untried";
}

function tellsSecret(deed: Step["deeds"][number]): boolean {
  return deed.kind === "renewSecret" || (deed.kind === "createClient" && deed.key === "worker");
}
