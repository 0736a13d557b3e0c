import { z } from "zod";
import { register } from "../../data-actions/register.ts";
import type { ActionRegistry } from "../../data-actions/registry.ts";
import type { CurrentState } from "../plan/current-state.ts";
import type { DesiredState } from "../plan/desired-state.ts";
import { EVENTS_TYPE } from "../plan/events.ts";
import { actionIntegrationName } from "../plan/lookups.ts";
import { panelName, WIDGET_TYPE } from "../plan/panel.ts";
import {
  type Reading,
  readAdministrator,
  readClients,
  readPermissions,
  readRole,
} from "./read-access.ts";
import { readIntegrations, readTypes } from "./read-integrations.ts";

const named = z.object({ id: z.string(), name: z.string().catch("") });
const topicsSchema = z.object({
  entities: z
    .array(z.object({ id: z.string(), transports: z.array(z.string()).nullish() }))
    .nullish(),
});

export interface OrgReading extends Reading {
  readonly registry: ActionRegistry;
}

/** The current state, without the worker's secret. @throws {Failure} */
export async function readOrg(
  reading: OrgReading,
  desired: DesiredState,
): Promise<Omit<CurrentState, "secret">> {
  const { sdk, api } = reading;
  const administrator = await readAdministrator(reading);
  const [organization, homeDivision, role, clients, integrations, types, permissions, topics] =
    await Promise.all([
      readOrganization(reading),
      api.ask("GET /api/v2/authorization/divisions/home", named, () =>
        sdk.authorization.getAuthorizationDivisionsHome(),
      ),
      readRole(reading, desired.name),
      readClients(reading, [desired.name, panelName(desired)]),
      readIntegrations(reading, typesOf(desired)),
      readTypes(reading, typesOf(desired)),
      readPermissions(reading),
      readTopics(reading),
    ]);
  const actions = await Promise.all(
    desired.actions.map(async ({ definition }) => {
      const integration = actionIntegrationName(desired, definition.integrationType);
      const isReady = integrations.some(({ name, enabled }) => name === integration && enabled);
      if (!isReady) return [];
      return [await register(reading.registry, definition, { integration, dryRun: true })];
    }),
  );
  return {
    ...{ organization, administrator, homeDivision, role, clients, integrations, types, topics },
    ...{ permissions, actions: actions.flat() },
  };
}

/** [pure] The types of integrations that the desired state needs. */
function typesOf({ actions, panel }: DesiredState): readonly string[] {
  return [
    EVENTS_TYPE,
    ...actions.map(({ definition }) => definition.integrationType),
    ...(panel === undefined ? [] : [WIDGET_TYPE]),
  ];
}

/** The org of the token. */
export function readOrganization({ sdk, api }: Reading): Promise<CurrentState["organization"]> {
  return api.ask("GET /api/v2/organizations/me", named, () =>
    sdk.organization.getOrganizationsMe(),
  );
}

/** The topics that the org offers to EventBridge: those with the transport `All` are too. */
export async function readTopics({ sdk, api }: Reading): Promise<ReadonlySet<string>> {
  const { entities } = await api.ask(
    "GET /api/v2/notifications/availabletopics",
    topicsSchema,
    () => sdk.notifications.getNotificationsAvailabletopics({ expand: ["transports"] }),
  );
  return new Set(
    (entities ?? [])
      .filter(({ transports }) => transports?.some((one) => one === "All" || one === "EventBridge"))
      .map(({ id }) => id),
  );
}
