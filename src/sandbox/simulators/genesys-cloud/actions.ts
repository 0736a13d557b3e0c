import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { GenesysRefusal } from "./error-body.ts";
import type { Integrations } from "./integrations.ts";
import { named, pageOf } from "./paging.ts";
import { found, invalid, readBody } from "./reading.ts";

const ACTIONS = "/api/v2/integrations/actions";
const ACTION = `${ACTIONS}/:actionId`;
const DRAFT = `${ACTION}/draft`;

const schemaDocument = z.object({
  type: z.literal("object"),
  properties: z.record(z.string(), z.looseObject({})),
});
const texts = z.record(z.string(), z.string());
/** `PostActionInput` of the Platform API. Other fields are refused. */
const content = z.strictObject({
  category: z.string().min(1),
  name: z.string().min(1),
  secure: z.boolean().optional(),
  config: z.strictObject({
    timeoutSeconds: z.int().min(1).max(60).optional(),
    request: z.strictObject({
      requestUrlTemplate: z.string().min(1),
      requestType: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
      requestTemplate: z.string().optional(),
      headers: texts.optional(),
    }),
    response: z.strictObject({
      translationMap: texts.optional(),
      translationMapDefaults: texts.optional(),
      successTemplate: z.string().optional(),
    }),
  }),
  contract: z.strictObject({
    input: z.strictObject({ inputSchema: schemaDocument.loose() }),
    output: z.strictObject({ successSchema: schemaDocument.loose() }),
  }),
});
const newDraft = content.extend({ integrationId: z.string().min(1) });
const draftUpdate = content.partial().extend({ version: z.int() });
const publication = z.strictObject({ version: z.int() });
type Content = z.infer<typeof content>;

interface Version extends Content {
  readonly version: number;
}

interface KnownAction {
  readonly id: string;
  readonly integrationId: string;
  published: Version | undefined;
  draft: Version | undefined;
}

/** The data actions of an org. */
export interface Actions {
  /** Adds an integration for data actions. @returns its id */
  addIntegration(name: string, type: string, intendedState?: "ENABLED" | "DISABLED"): string;
  /** The published version of the action of this name. */
  published(name: string): Version | undefined;
  readonly known: Map<string, KnownAction>;
}

export function createActions(integrations: Integrations): Actions {
  const known = new Map<string, KnownAction>();
  return {
    known,
    addIntegration: (name, type, state = "ENABLED") => integrations.addAs(type, name, state).id,
    published: (name) =>
      [...known.values()].find(({ published }) => published?.name === name)?.published,
  };
}

/**
 * Adds the operations of data actions ("Integrations" of the Platform API): a draft is created, changed under
 * its version, validated and published. Templates are separate files.
 */
export function addActionOperations(
  api: FastifyInstance,
  { known }: Actions,
  integrations: Integrations,
): void {
  function action(request: FastifyRequest): KnownAction {
    const { actionId } = z.object({ actionId: z.string() }).parse(request.params);
    return found(known.get(actionId));
  }

  function draftOf(request: FastifyRequest): Version {
    return found(action(request).draft);
  }

  api.get(ACTIONS, (request, reply) => {
    const all = [...known.values()].flatMap((one) =>
      one.published === undefined ? [] : [described(one, one.published)],
    );
    reply.send(pageOf(named(all, request), request));
  });

  api.get(`${ACTIONS}/drafts`, (request, reply) => {
    const all = [...known.values()].flatMap((one) =>
      one.draft === undefined ? [] : [described(one, one.draft)],
    );
    reply.send(pageOf(named(all, request), request));
  });

  api.post(`${ACTIONS}/drafts`, (request, reply) => {
    const { integrationId, ...rest } = readBody(newDraft, request);
    const integration = found(integrations.find(integrationId));
    if (!integrations.typeOf(integration).hasActions) {
      throw invalid("integrationId", `${integration.type} has no actions`);
    }
    const id = `custom_-_${randomUUID()}`;
    const draft = { ...rest, version: 1 };
    const created: KnownAction = { id, integrationId, published: undefined, draft };
    known.set(id, created);
    reply.send(described(created, draft));
  });

  api.get(ACTION, (request, reply) => {
    const one = action(request);
    reply.send(expanded(one, found(one.published), request));
  });

  api.get<{ Params: { fileName: string } }>(`${ACTION}/templates/:fileName`, (request, reply) => {
    const { config } = found(action(request).published);
    const templates = new Map([
      ["requesttemplate.vm", config.request.requestTemplate],
      ["successtemplate.vm", config.response.successTemplate],
    ]);
    reply.type("text/plain").send(found(templates.get(request.params.fileName)));
  });

  api.post(DRAFT, (request, reply) => {
    const one = action(request);
    if (one.draft !== undefined) throw new GenesysRefusal("conflict");
    one.draft = { ...found(one.published) };
    reply.send(described(one, one.draft));
  });

  api.get(DRAFT, (request, reply) => {
    reply.send(expanded(action(request), draftOf(request), request));
  });

  api.patch(DRAFT, (request, reply) => {
    const one = action(request);
    const { version, ...changes } = readBody(draftUpdate, request);
    const draft = found(one.draft);
    if (draft.version !== version) throw new GenesysRefusal("conflict");
    one.draft = content
      .extend({ version: z.int() })
      .parse({ ...draft, ...changes, version: version + 1 });
    reply.send(described(one, one.draft));
  });

  api.get(`${DRAFT}/validation`, (request, reply) => {
    const errors = errorsOf(draftOf(request)).map((message) => ({ message }));
    reply.send({ valid: errors.length === 0, errors });
  });

  api.post(`${DRAFT}/publish`, (request, reply) => {
    const one = action(request);
    const draft = found(one.draft);
    if (readBody(publication, request).version !== draft.version) {
      throw new GenesysRefusal("conflict");
    }
    if (errorsOf(draft).length > 0) throw new GenesysRefusal("bad.request");
    one.published = draft;
    one.draft = undefined;
    reply.send(described(one, draft));
  });
}

/** Names in the template and in the defaults must be in the translation map. */
function errorsOf({ config }: Version): string[] {
  const {
    translationMap = {},
    translationMapDefaults = {},
    successTemplate = "",
  } = config.response;
  const names = new Set([...Object.keys(translationMap), "rawResult"]);
  const inTemplate = [...successTemplate.matchAll(/\$!?\{(\w+)\}/g)].map(([, name = ""]) => name);
  return [...inTemplate, ...Object.keys(translationMapDefaults)]
    .filter((name) => !names.has(name))
    .map((name) => `${name} is not in the translation map`);
}

function described({ id, integrationId }: KnownAction, version: Version) {
  const { name, category, secure = false, version: number } = version;
  return {
    id,
    name,
    integrationId,
    category,
    version: number,
    secure,
    selfUri: `${ACTIONS}/${id}`,
  };
}

/** Includes configuration and contract only if the query asks for them. Never includes templates. */
function expanded(one: KnownAction, version: Version, { query }: FastifyRequest) {
  const { expand, includeConfig } = z
    .looseObject({ expand: z.string().optional(), includeConfig: z.string().optional() })
    .parse(query);
  const { request, response } = version.config;
  const uri = `${ACTIONS}/${one.id}/templates`;
  const { requestTemplate: _, ...plainRequest } = request;
  const { successTemplate: __, ...plainResponse } = response;
  const config = {
    ...version.config,
    request: { ...plainRequest, requestTemplateUri: `${uri}/requesttemplate.vm` },
    response: { ...plainResponse, successTemplateUri: `${uri}/successtemplate.vm` },
  };
  return {
    ...described(one, version),
    ...(expand === "contract" ? { contract: version.contract } : {}),
    ...(includeConfig === "true" ? { config } : {}),
  };
}
