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

/** What the org is read with. */
export interface OrgReading extends Reading {
  readonly registry: ActionRegistry;
}

/** An org, as far as can be seen without the worker's secret. @throws {Failure} */
export async function readOrg(
  reading: OrgReading,
  wish: DesiredState,
): Promise<Omit<CurrentState, "secret">> {
  const { sdk, api } = reading;
  const administrator = await readAdministrator(reading);
  const [organization, homeDivision, role, clients, integrations, types, permissions, topics] =
    await Promise.all([
      readOrganization(reading),
      api.ask("GET /api/v2/authorization/divisions/home", named, () =>
        sdk.authorization.getAuthorizationDivisionsHome(),
      ),
      readRole(reading, wish.name),
      readClients(reading, [wish.name, panelName(wish)]),
      readIntegrations(reading, typesOf(wish)),
      readTypes(reading, typesOf(wish)),
      readPermissions(reading),
      readTopics(reading),
    ]);
  const actions = await Promise.all(
    wish.actions.map(async ({ definition }) => {
      const integration = actionIntegrationName(wish, definition.integrationType);
      const ready = integrations.some(({ name, enabled }) => name === integration && enabled);
      if (!ready) return [];
      return [await register(reading.registry, definition, { integration, dryRun: true })];
    }),
  );
  return {
    ...{ organization, administrator, homeDivision, role, clients, integrations, types, topics },
    ...{ permissions, actions: actions.flat() },
  };
}

/** [pure] The types of integrations that are wished for. */
function typesOf({ actions, panel }: DesiredState): readonly string[] {
  return [
    EVENTS_TYPE,
    ...actions.map(({ definition }) => definition.integrationType),
    ...(panel === undefined ? [] : [WIDGET_TYPE]),
  ];
}

/** The org that the token is of. */
export function readOrganization({ sdk, api }: Reading): Promise<CurrentState["organization"]> {
  return api.ask("GET /api/v2/organizations/me", named, () =>
    sdk.organization.getOrganizationsMe(),
  );
}

/** Topics with `All` are offered to EventBridge, too. */
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
