import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import type { EpochMs } from "../../domain/time.ts";
import { createPlatformApi, PAGE_SIZE, type PlatformApi } from "../../genesys/platform-api.ts";
import type { GenesysSdk } from "../../genesys/sdk.ts";
import type { ActionDefinition } from "./definitions.ts";
import { contentOf } from "./register.ts";
import type { ActionRegistry } from "./registry.ts";

const ACTIONS = "/api/v2/integrations/actions";

const integrationSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  intendedState: z.string().nullish(),
  integrationType: z.object({ id: z.string() }).nullish(),
});
const listedSchema = z.object({
  id: z.string(),
  name: z.string(),
  integrationId: z.string().nullish(),
});
const draftSchema = z.object({ id: z.string(), version: z.number().int() });
const actionSchema = z.looseObject({
  config: z.looseObject({
    request: z.looseObject({ requestTemplate: z.string().nullish() }),
    response: z.looseObject({ successTemplate: z.string().nullish() }),
  }),
});
const validationSchema = z.object({
  valid: z.boolean().nullish(),
  errors: z.array(z.object({ message: z.string().nullish() })).nullish(),
});

/**
 * Data actions of one org, through the Platform API. Needs `integrations:integration:view` and
 * `integrations:action:view`, `:add`, `:edit`.
 */
export function genesysActions(sdk: GenesysSdk, call: Call, now: () => EpochMs): ActionRegistry {
  const platform = createPlatformApi(sdk, call, now);
  return { ...actionReader(sdk, platform), ...actionWriter(sdk, platform) };
}

type ActionReader = Pick<ActionRegistry, "integrations" | "published" | "draft">;

function actionReader(
  { integrations: api }: GenesysSdk,
  { ask, list, text }: PlatformApi,
): ActionReader {
  /** By exact name; the API's filter may return others too. */
  async function findByName(
    what: string,
    page: (options: { name: string; pageSize: number; pageNumber: number }) => Promise<unknown>,
    name: string,
    integrationId: string,
  ) {
    const all = await list(what, listedSchema, (pageNumber) =>
      page({ name, pageSize: PAGE_SIZE, pageNumber }),
    );
    return all.find((one) => one.name === name && one.integrationId === integrationId);
  }

  /** Genesys Cloud keeps templates as separate files. */
  const template = (actionId: string, file: string) =>
    text(`GET ${ACTIONS}/{id}/templates/{fileName}`, () =>
      api.getIntegrationsActionTemplate(actionId, file),
    );

  return {
    async integrations(type) {
      const all = await list("GET /api/v2/integrations", integrationSchema, (pageNumber) =>
        api.getIntegrations({ pageSize: PAGE_SIZE, pageNumber }),
      );
      return all
        .filter(({ integrationType }) => integrationType?.id === type)
        .map(({ id, name, intendedState }) => ({
          id,
          name: name ?? id,
          enabled: intendedState === "ENABLED",
        }));
    },
    async published(name, integrationId) {
      const page = (options: object) => api.getIntegrationsActions(options);
      const listed = await findByName(`GET ${ACTIONS}`, page, name, integrationId);
      if (listed === undefined) return undefined;
      const { id } = listed;
      const action = await ask(`GET ${ACTIONS}/{id}`, actionSchema, () =>
        api.getIntegrationsAction(id, { expand: "contract", includeConfig: true }),
      );
      const { request, response } = action.config;
      const requestTemplate = request.requestTemplate ?? (await template(id, "requesttemplate.vm"));
      const successTemplate =
        response.successTemplate ?? (await template(id, "successtemplate.vm"));
      const config = {
        ...action.config,
        request: { ...request, requestTemplate },
        response: { ...response, successTemplate },
      };
      return { id, content: { ...action, config } };
    },
    async draft(name, integrationId) {
      const page = (options: object) => api.getIntegrationsActionsDrafts(options);
      const listed = await findByName(`GET ${ACTIONS}/drafts`, page, name, integrationId);
      if (listed === undefined) return undefined;
      return ask(`GET ${ACTIONS}/{id}/draft`, draftSchema, () =>
        api.getIntegrationsActionDraft(listed.id),
      );
    },
  };
}

function actionWriter(
  { integrations: api }: GenesysSdk,
  { ask }: PlatformApi,
): Omit<ActionRegistry, keyof ActionReader> {
  return {
    createDraft: (definition, integrationId) =>
      ask(`POST ${ACTIONS}/drafts`, draftSchema, () =>
        api.postIntegrationsActionsDrafts({ ...draftBody(definition), integrationId }),
      ),
    openDraft: (actionId) =>
      ask(`POST ${ACTIONS}/{id}/draft`, draftSchema, () =>
        api.postIntegrationsActionDraft(actionId),
      ),
    updateDraft: ({ id, version }, definition) =>
      ask(`PATCH ${ACTIONS}/{id}/draft`, draftSchema, () =>
        api.patchIntegrationsActionDraft(id, { ...draftBody(definition), version }),
      ),
    async draftErrors({ id }) {
      const { valid, errors } = await ask(
        `GET ${ACTIONS}/{id}/draft/validation`,
        validationSchema,
        () => api.getIntegrationsActionDraftValidation(id),
      );
      if (valid === true) return [];
      const messages = (errors ?? []).map(({ message }) => message ?? NO_REASON);
      return messages.length > 0 ? messages : [NO_REASON];
    },
    async publish({ id, version }) {
      await ask(`POST ${ACTIONS}/{id}/draft/publish`, z.unknown(), () =>
        api.postIntegrationsActionDraftPublish(id, { version }),
      );
    },
  };
}

const NO_REASON = "no reason given";

type DraftBody = Parameters<GenesysSdk["integrations"]["postIntegrationsActionsDrafts"]>[0];

/** A mutable copy: the SDK's types are not read-only. */
function draftBody(definition: ActionDefinition): Omit<DraftBody, "integrationId"> {
  return structuredClone(contentOf(definition)) as Omit<DraftBody, "integrationId">;
}
