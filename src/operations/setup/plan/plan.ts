import { planWorkerClient } from "./client.ts";
import type { CurrentState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { planEvents } from "./events.ts";
import { planAction, planActionIntegration } from "./lookups.ts";
import { panelName, planPanelClient, planWidget } from "./panel.ts";
import { type AdminNeed, adminNeeds, covers } from "./permissions.ts";
import { planGrant, planRevocation, planRole } from "./role.ts";
import { type CreatedIds, needsOf, type Step } from "./step.ts";

export interface Plan {
  /** In the order in which they are applied. */
  readonly steps: readonly Step[];
  /** Permissions that the administrator lacks for these steps. */
  readonly missing: readonly AdminNeed[];
  /** Ids of objects that exist already. */
  readonly ids: CreatedIds;
}

/**
 * [pure] The steps from the current to the desired state. If the org is in the desired state, every step
 * is `leave`.
 * @param place where the worker's secret is stored, for people
 */
export function makePlan(current: CurrentState, desired: DesiredState, place: string): Plan {
  const idOf = (name: string) => current.clients.find((client) => client.name === name)?.id;
  const workerId = idOf(desired.name);
  const panelId = idOf(panelName(desired));
  const ids: CreatedIds = {
    roleId: current.role?.id,
    clientIds: {
      ...(workerId === undefined ? {} : { worker: workerId }),
      ...(panelId === undefined ? {} : { panel: panelId }),
    },
  };
  const client = planWorkerClient(current, desired, place);
  const grant = planGrant(current, desired, client);
  const { panel } = desired;
  const steps = [
    planRole(current, desired),
    ...grant,
    client,
    planEvents(current, desired, ids),
    ...desired.actions.flatMap((action) => [
      planActionIntegration(current, desired, action, ids),
      planAction(current, desired, action),
    ]),
    ...(panel === undefined
      ? []
      : [planPanelClient(current, desired, panel.url), planWidget(current, desired, panel, ids)]),
    ...planRevocation(
      current,
      desired,
      grant.some(({ action }) => action === "create"),
    ),
  ];
  return { steps, missing: missingFor(steps, current), ids };
}

function missingFor(steps: readonly Step[], { administrator }: CurrentState): readonly AdminNeed[] {
  const { permissions } = administrator;
  if (permissions === undefined) return [];
  const needs = steps.flatMap(({ changes }) => changes.flatMap(({ kind }) => needsOf[kind]));
  return [...new Set(needs)].filter((need) => !covers(permissions, adminNeeds[need].permission));
}
