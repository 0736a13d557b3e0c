import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { Refusal } from "./error-body.ts";

const ACTIONS = "/api/v2/integrations/actions";
const ACTION = `${ACTIONS}/:actionId`;
const DRAFT = `${ACTION}/draft`;

const schemaDocument = z.object({
  type: z.literal("object"),
  properties: z.record(z.string(), z.looseObject({})),
});
const texts = z.record(z.string(), z.string());
/** `PostActionInput` of the Platform API's own description; what is not in it is refused. */
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
const paging = z.looseObject({
  name: z.string().optional(),
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
  pageNumber: z.coerce.number().int().min(1).default(1),
});

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

interface KnownIntegration {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly intendedState: "ENABLED" | "DISABLED";
}

/** The integrations of an org, and their data actions. */
export interface Actions {
  /** As an admin adds it; returns its id. */
  addIntegration(name: string, type: string, intendedState?: "ENABLED" | "DISABLED"): string;
  /** What is published, by name. */
  published(name: string): Version | undefined;
  readonly integrations: readonly KnownIntegration[];
  readonly known: Map<string, KnownAction>;
}

export function createActions(): Actions {
  const integrations: KnownIntegration[] = [];
  const known = new Map<string, KnownAction>();
  return {
    integrations,
    known,
    addIntegration(name, type, intendedState = "ENABLED") {
      const id = randomUUID();
      integrations.push({ id, name, type, intendedState });
      return id;
    },
    published: (name) =>
      [...known.values()].find(({ published }) => published?.name === name)?.published,
  };
}

/**
 * Integrations and data actions ("Integrations" of the Platform API): a draft is made, changed under its
 * version, validated and published; templates are read as files of their own.
 */
export function addActionOperations(api: FastifyInstance, actions: Actions): void {
  const { known, integrations } = actions;

  function action(request: FastifyRequest): KnownAction {
    const { actionId } = z.object({ actionId: z.string() }).parse(request.params);
    return there(known.get(actionId));
  }

  function draftOf(request: FastifyRequest): Version {
    return there(action(request).draft);
  }

  // Genesys' own clients send the content type without a body where an operation takes none.
  api.removeContentTypeParser("application/json");
  api.addContentTypeParser("application/json", { parseAs: "string" }, (_, text, parsed) => {
    try {
      parsed(null, text === "" ? undefined : JSON.parse(text.toString()));
    } catch {
      parsed(new Refusal("bad.request"));
    }
  });

  api.get("/api/v2/integrations", (request, reply) => {
    const entities = integrations.map(({ id, name, type, intendedState }) => ({
      id,
      name,
      integrationType: { id: type },
      intendedState,
    }));
    reply.send(pageOf(entities, request, "/api/v2/integrations"));
  });

  api.get(ACTIONS, (request, reply) => {
    const all = [...known.values()].flatMap((one) =>
      one.published === undefined ? [] : [described(one, one.published)],
    );
    reply.send(pageOf(all, request, ACTIONS));
  });

  api.get(`${ACTIONS}/drafts`, (request, reply) => {
    const all = [...known.values()].flatMap((one) =>
      one.draft === undefined ? [] : [described(one, one.draft)],
    );
    reply.send(pageOf(all, request, `${ACTIONS}/drafts`));
  });

  api.post(`${ACTIONS}/drafts`, (request, reply) => {
    const { integrationId, ...rest } = read(newDraft, request);
    if (!integrations.some(({ id }) => id === integrationId)) throw new Refusal("not.found");
    const id = `custom_-_${randomUUID()}`;
    const draft = { ...rest, version: 1 };
    const made: KnownAction = { id, integrationId, published: undefined, draft };
    known.set(id, made);
    reply.send(described(made, draft));
  });

  api.get(ACTION, (request, reply) => {
    const one = action(request);
    reply.send(asAsked(one, there(one.published), request));
  });

  api.get<{ Params: { fileName: string } }>(`${ACTION}/templates/:fileName`, (request, reply) => {
    const { config } = there(action(request).published);
    const templates = new Map([
      ["requesttemplate.vm", config.request.requestTemplate],
      ["successtemplate.vm", config.response.successTemplate],
    ]);
    reply.type("text/plain").send(there(templates.get(request.params.fileName)));
  });

  api.post(DRAFT, (request, reply) => {
    const one = action(request);
    if (one.draft !== undefined) throw new Refusal("conflict");
    one.draft = { ...there(one.published) };
    reply.send(described(one, one.draft));
  });

  api.get(DRAFT, (request, reply) => {
    reply.send(asAsked(action(request), draftOf(request), request));
  });

  api.patch(DRAFT, (request, reply) => {
    const one = action(request);
    const { version, ...changes } = read(draftUpdate, request);
    const draft = there(one.draft);
    if (draft.version !== version) throw new Refusal("conflict");
    one.draft = content
      .extend({ version: z.int() })
      .parse({ ...draft, ...changes, version: version + 1 });
    reply.send(described(one, one.draft));
  });

  api.get(`${DRAFT}/validation`, (request, reply) => {
    const errors = faultsOf(draftOf(request)).map((message) => ({ message }));
    reply.send({ valid: errors.length === 0, errors });
  });

  api.post(`${DRAFT}/publish`, (request, reply) => {
    const one = action(request);
    const draft = there(one.draft);
    if (read(publication, request).version !== draft.version) throw new Refusal("conflict");
    if (faultsOf(draft).length > 0) throw new Refusal("bad.request");
    one.published = draft;
    one.draft = undefined;
    reply.send(described(one, draft));
  });
}

/** What a template names must be in the translation map, and what has a default too. */
function faultsOf({ config }: Version): string[] {
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

/** Configuration and contract only where they are asked for; templates never. */
function asAsked(one: KnownAction, version: Version, { query }: FastifyRequest) {
  const asked = z
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
    ...(asked.expand === "contract" ? { contract: version.contract } : {}),
    ...(asked.includeConfig === "true" ? { config } : {}),
  };
}

/** Names are filtered by a part of them, in either case. */
function pageOf<Item extends { readonly name: string }>(
  items: readonly Item[],
  request: FastifyRequest,
  path: string,
) {
  const asked = paging.safeParse(request.query);
  if (!asked.success) throw new Refusal("invalid.value");
  const { name = "", pageSize, pageNumber } = asked.data;
  const all = items.filter((item) => item.name.toLowerCase().includes(name.toLowerCase()));
  const end = pageNumber * pageSize;
  const entities = all.slice(end - pageSize, end);
  const next = `${path}?pageSize=${pageSize}&pageNumber=${pageNumber + 1}`;
  return {
    entities,
    pageSize,
    pageNumber,
    total: all.length,
    pageCount: Math.ceil(all.length / pageSize),
    ...(end < all.length ? { nextUri: next } : {}),
  };
}

function read<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refusal("invalid.value", {
    message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
  });
}

function there<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new Refusal("not.found");
  return found;
}
