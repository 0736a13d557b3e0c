import { planWorkerClient } from "./client.ts";
import type { CurrentState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { planEvents } from "./events.ts";
import { planAction, planActionIntegration } from "./lookups.ts";
import { panelName, planPanelClient, planWidget } from "./panel.ts";
import { type AdminNeed, adminNeeds, covers } from "./permissions.ts";
import { planGrant, planReturn, planRole } from "./role.ts";
import { type CreatedIds, needsOf, type Step } from "./step.ts";

/** What would be done, in this order. */
export interface Plan {
  readonly steps: readonly Step[];
  /** What the administrator lacks for it; Genesys Cloud would refuse half-way. */
  readonly missing: readonly AdminNeed[];
  /** What is there already. */
  readonly made: CreatedIds;
}

/**
 * [pure] What is to be made, changed and left so that the org is as wished. For a picture in which all of it
 * has been done, every step is left.
 * @param place where the worker's secret is kept, in words
 */
export function makePlan(picture: CurrentState, wish: DesiredState, place: string): Plan {
  const idOf = (name: string) => picture.clients.find((client) => client.name === name)?.id;
  const worker = idOf(wish.name);
  const panelId = idOf(panelName(wish));
  const made: CreatedIds = {
    roleId: picture.role?.id,
    clientIds: {
      ...(worker === undefined ? {} : { worker }),
      ...(panelId === undefined ? {} : { panel: panelId }),
    },
  };
  const client = planWorkerClient(picture, wish, place);
  const grant = planGrant(picture, wish, client);
  const { panel } = wish;
  const steps = [
    planRole(picture, wish),
    ...grant,
    client,
    planEvents(picture, wish, made),
    ...wish.actions.flatMap((action) => [
      planActionIntegration(picture, wish, action, made),
      planAction(picture, wish, action),
    ]),
    ...(panel === undefined
      ? []
      : [planPanelClient(picture, wish, panel.url), planWidget(picture, wish, panel, made)]),
    ...planReturn(
      picture,
      wish,
      grant.some(({ does }) => does === "create"),
    ),
  ];
  return { steps, missing: missingFor(steps, picture), made };
}

function missingFor(steps: readonly Step[], { administrator }: CurrentState): readonly AdminNeed[] {
  const { permissions } = administrator;
  if (permissions === undefined) return [];
  const kinds = steps.flatMap(({ deeds }) => deeds.flatMap(({ kind }) => needsOf[kind]));
  return [...new Set(kinds)].filter((need) => !covers(permissions, adminNeeds[need].permission));
}
