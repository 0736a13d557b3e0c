import { z } from "zod";
import { PAGE_SIZE } from "../../../genesys/platform-api.ts";
import type { Integration, IntegrationType } from "../plan/current-state.ts";
import type { Reading } from "./read-access.ts";

const integrationSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  integrationType: z.object({ id: z.string() }).nullish(),
  intendedState: z.string().nullish(),
  reportedState: z.object({ code: z.string().nullish() }).nullish(),
});
const settings = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((values) => values ?? {});
const configSchema = z.object({
  version: z.number(),
  properties: settings,
  advanced: settings,
  notes: z.string().nullish(),
  credentials: z.record(z.string(), z.object({ id: z.string() })).nullish(),
});
const typeSchema = z.object({
  id: z.string(),
  credentials: z
    .record(z.string(), z.object({ credentialTypes: z.array(z.string()).nullish() }))
    .nullish(),
});
const settingsSchema = z.object({ properties: z.record(z.string(), z.unknown()).nullish() });

/** The integrations of these types, with their settings. Needs `integrations:integration:view`. */
export async function readIntegrations(
  { sdk, api }: Reading,
  types: readonly string[],
): Promise<readonly Integration[]> {
  const all = await api.list("GET /api/v2/integrations", integrationSchema, (pageNumber) =>
    sdk.integrations.getIntegrations({ pageSize: PAGE_SIZE, pageNumber }),
  );
  const matching = all.filter(({ integrationType }) => types.includes(integrationType?.id ?? ""));
  return Promise.all(
    matching.map(async ({ id, name, integrationType, intendedState, reportedState }) => {
      const config = await api.ask(
        "GET /api/v2/integrations/{id}/config/current",
        configSchema,
        () => sdk.integrations.getIntegrationConfigCurrent(id),
      );
      const credentials = Object.entries(config.credentials ?? {}).map(([key, one]) => [
        key,
        one.id,
      ]);
      return {
        ...{ id, name: name ?? id, type: integrationType?.id ?? "" },
        enabled: intendedState === "ENABLED",
        reported: reportedState?.code ?? undefined,
        config: {
          ...config,
          notes: config.notes ?? "",
          credentials: Object.fromEntries(credentials),
        },
      };
    }),
  );
}

/** Those of these types that the org can use. */
export async function readTypes(
  { sdk, api }: Reading,
  types: readonly string[],
): Promise<readonly IntegrationType[]> {
  const found = await Promise.all(
    types.map(async (type) => {
      const one = await api.find("GET /api/v2/integrations/types/{typeId}", typeSchema, () =>
        sdk.integrations.getIntegrationsType(type),
      );
      return one && { ...one, settings: await readSettings({ sdk, api }, type) };
    }),
  );
  return found.flatMap((type) =>
    type === undefined
      ? []
      : [
          {
            ...{ id: type.id, settings: type.settings },
            credentials: Object.fromEntries(
              Object.entries(type.credentials ?? {}).map(([key, { credentialTypes }]) => [
                key,
                credentialTypes ?? [],
              ]),
            ),
          },
        ],
  );
}

/** Undefined if the schema lists no properties. */
async function readSettings(
  { sdk, api }: Reading,
  type: string,
): Promise<readonly string[] | undefined> {
  const schema = await api.find(
    "GET /api/v2/integrations/types/{typeId}/configschemas/{configType}",
    settingsSchema,
    () => sdk.integrations.getIntegrationsTypeConfigschema(type, "properties"),
  );
  const names = Object.keys(schema?.properties ?? {});
  return names.length > 0 ? names : undefined;
}
