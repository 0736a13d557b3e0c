import { z } from "zod";
import { type Asking, PAGE_SIZE } from "../genesys/asking.ts";
import type { GenesysSdk } from "../genesys/sdk.ts";
import type { Integration, IntegrationType } from "./picture.ts";

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
  .transform((is) => is ?? {});
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
/** What integrations are read with. */
export interface IntegrationReading {
  readonly sdk: Pick<GenesysSdk, "integrations">;
  readonly api: Asking;
}

/** Those of these types, with what they are set to. Needs `integrations:integration:view`. */
export async function readIntegrations(
  { sdk, api }: IntegrationReading,
  types: readonly string[],
): Promise<readonly Integration[]> {
  const all = await api.list("GET /api/v2/integrations", integrationSchema, (pageNumber) =>
    sdk.integrations.getIntegrations({ pageSize: PAGE_SIZE, pageNumber }),
  );
  const wanted = all.filter(({ integrationType }) => types.includes(integrationType?.id ?? ""));
  return Promise.all(
    wanted.map(async ({ id, name, integrationType, intendedState, reportedState }) => {
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

/** Those of these types that the org may have. */
export async function readTypes(
  { sdk, api }: IntegrationReading,
  types: readonly string[],
): Promise<readonly IntegrationType[]> {
  const found = await Promise.all(
    types.map((type) =>
      api.find("GET /api/v2/integrations/types/{typeId}", typeSchema, () =>
        sdk.integrations.getIntegrationsType(type),
      ),
    ),
  );
  return found.flatMap((type) =>
    type === undefined
      ? []
      : [
          {
            id: type.id,
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
