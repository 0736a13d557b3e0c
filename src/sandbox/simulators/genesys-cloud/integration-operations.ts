import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { type CredentialStore, describeCredential } from "./credentials.ts";
import type { SimulatedIntegrationType } from "./integration-types.ts";
import type { Integrations, OrgIntegration } from "./integrations.ts";
import { pageOf } from "./paging.ts";
import { found, invalid, readBody, readQuery } from "./reading.ts";

const INTEGRATIONS = "/api/v2/integrations";
const INTEGRATION = `${INTEGRATIONS}/:integrationId`;
const CONFIG = `${INTEGRATION}/config/current`;

/** `CreateIntegrationRequest`. */
const newIntegration = z.strictObject({
  name: z.string().min(1).optional(),
  integrationType: z.strictObject({ id: z.string() }),
});
/** `IntegrationConfiguration`. No simulated type has advanced settings. */
const configuration = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  version: z.int(),
  properties: z.record(z.string(), z.unknown()),
  advanced: z.strictObject({}),
  notes: z.string(),
  credentials: z.record(z.string(), z.looseObject({ id: z.string() })),
  selfUri: z.string().optional(),
});
const stateChange = z.strictObject({ intendedState: z.enum(["ENABLED", "DISABLED"]) });
const listing = z.looseObject({
  integrationType: z.string().optional(),
  ids: z.string().optional(),
});

interface IntegrationPath {
  readonly Params: { readonly integrationId: string };
}

/** Adds the operations of integrations and their configurations ("Integrations" of the Platform API). */
export function addIntegrationOperations(
  api: FastifyInstance,
  integrations: Integrations,
  credentials: CredentialStore,
): void {
  api.get(INTEGRATIONS, (request, reply) => {
    const { integrationType, ids } = readQuery(listing, request);
    const matching = integrations.all.filter(
      ({ id, type }) =>
        (integrationType === undefined || type === integrationType) &&
        (ids === undefined || ids.split(",").includes(id)),
    );
    const page = pageOf(matching, request);
    reply.send({
      ...page,
      entities: page.entities.map(described),
    } satisfies Models.IntegrationEntityListing);
  });

  api.post(INTEGRATIONS, (request, reply) => {
    const { name, integrationType } = readBody(newIntegration, request);
    reply.send(described(integrations.add(integrationType.id, name)));
  });

  api.get<IntegrationPath>(INTEGRATION, (request, reply) => {
    reply.send(described(found(integrations.find(request.params.integrationId))));
  });

  api.patch<IntegrationPath>(INTEGRATION, (request, reply) => {
    const { integrationId } = request.params;
    found(integrations.find(integrationId));
    const { intendedState } = readBody(stateChange, request);
    reply.send(described(integrations.setState(integrationId, intendedState)));
  });

  api.get<IntegrationPath>(CONFIG, (request, reply) => {
    reply.send(configOf(found(integrations.find(request.params.integrationId))));
  });

  api.put<IntegrationPath>(CONFIG, (request, reply) => {
    const before = found(integrations.find(request.params.integrationId));
    const {
      name,
      version,
      properties,
      notes,
      credentials: named,
    } = readBody(configuration, request);
    const chosen = Object.entries(named).map(([key, { id }]) => {
      checkCredential(integrations.typeOf(before), key, id);
      return [key, id] as const;
    });
    const config = { name, version, properties, notes, credentials: Object.fromEntries(chosen) };
    reply.send(configOf(integrations.configure(before.id, config)));
  });

  function checkCredential(type: SimulatedIntegrationType, key: string, id: string): void {
    const field = `credentials.${key}`;
    const specification = type.credentials[key];
    if (specification === undefined) throw invalid(field, `${type.id} has no such credential`);
    const credential = credentials.get(id);
    if (credential === undefined) throw invalid(field, `unknown credential ${id}`);
    if (!specification.credentialTypes.includes(credential.type)) {
      throw invalid(field, `must not be of type ${credential.type}`);
    }
  }

  function configOf({ id, config }: OrgIntegration): Models.IntegrationConfiguration {
    const { name, version, properties, notes } = config;
    return {
      id,
      name,
      version,
      properties,
      advanced: {},
      notes,
      credentials: Object.fromEntries(
        Object.entries(config.credentials).map(([key, credentialId]) => [
          key,
          describeCredential(found(credentials.get(credentialId))),
        ]),
      ),
      selfUri: `${INTEGRATIONS}/${id}/config/current`,
    };
  }
}

function described(integration: OrgIntegration): Models.Integration {
  const { id, type, config, intendedState, reportedState } = integration;
  const { code, message } = reportedState;
  return {
    id,
    name: config.name,
    integrationType: { id: type },
    notes: config.notes,
    intendedState,
    reportedState: { code, ...(message === undefined ? {} : { detail: { message } }) },
    selfUri: `${INTEGRATIONS}/${id}`,
  };
}
