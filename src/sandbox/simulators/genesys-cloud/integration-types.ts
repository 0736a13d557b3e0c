import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { pageOf } from "./paging.ts";
import { found } from "./reading.ts";

const TYPES = "/api/v2/integrations/types";

export const EVENT_BRIDGE = "amazon-eventbridge-source";

/** The complete properties of an Amazon EventBridge integration. */
export const eventBridgeProperties = z.strictObject({
  awsAccountId: z.string().regex(/^\d{12}$/),
  awsAccountRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  eventSourceSuffix: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  eventFilter: z.array(z.string()).min(1),
});

const widgetProperties = z.strictObject({
  url: z.url({ protocol: /^https$/ }),
  sandbox: z.string().optional(),
  permissions: z.string().optional(),
  groups: z.array(z.string()).optional(),
  communicationTypeFilter: z.string().optional(),
  queueIdFilterList: z.array(z.string()).optional(),
});

/** A type of integration. */
export interface SimulatedIntegrationType {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly category: string;
  /** By the key of the credential in a configuration. */
  readonly credentials: Readonly<Record<string, CredentialSpecification>>;
  /** Schema of the properties that must be complete before the integration can be enabled. */
  readonly properties: z.ZodObject;
  readonly hasActions: boolean;
}

interface CredentialSpecification {
  readonly required: boolean;
  readonly title: string;
  readonly credentialTypes: readonly string[];
}

/** The key of a Lambda integration's credential, from public Terraform modules. */
const LAMBDA_CREDENTIAL = "AmazonWebServicesARN";

/** The ids are those of Genesys' Terraform provider and modules. */
const KNOWN: readonly SimulatedIntegrationType[] = [
  {
    id: EVENT_BRIDGE,
    name: "Amazon EventBridge Source",
    provider: "clientapps",
    category: "Events",
    credentials: {},
    properties: eventBridgeProperties,
    hasActions: false,
  },
  {
    id: "aws-lambda-data-actions",
    name: "AWS Lambda Data Actions",
    provider: "data-actions",
    category: "Data Actions",
    credentials: {
      [LAMBDA_CREDENTIAL]: {
        required: true,
        title: "Amazon Web Services ARN",
        credentialTypes: ["amazonWebServicesARN"],
      },
    },
    properties: z.strictObject({}),
    hasActions: true,
  },
  {
    id: "custom-rest-actions",
    name: "Web Services Data Actions",
    provider: "data-actions",
    category: "Data Actions",
    credentials: {
      basicAuth: {
        required: false,
        title: "Credentials",
        credentialTypes: ["basicAuth", "userDefined", "userDefinedOAuth"],
      },
    },
    properties: z.strictObject({}),
    hasActions: true,
  },
  {
    id: "embedded-client-app-interaction-widget",
    name: "Interaction Widget",
    provider: "clientapps",
    category: "Client Apps",
    credentials: {},
    properties: widgetProperties,
    hasActions: false,
  },
];

/** The types of integration that an org may add. */
export interface IntegrationTypes {
  find(id: string): SimulatedIntegrationType | undefined;
  readonly all: readonly SimulatedIntegrationType[];
  /** Removes a type, as in an org without the licence. */
  remove(id: string): void;
}

export function createIntegrationTypes(): IntegrationTypes {
  const known = new Map(KNOWN.map((type) => [type.id, type]));
  return {
    find: (id) => known.get(id),
    get all() {
      return [...known.values()];
    },
    remove: (id) => void known.delete(id),
  };
}

/** Adds the operations of types and their schemas ("Integrations" of the Platform API). */
export function addIntegrationTypeOperations(api: FastifyInstance, types: IntegrationTypes): void {
  api.get(TYPES, (request, reply) => {
    const page = pageOf(types.all, request);
    const entities = page.entities.map(described);
    reply.send({ ...page, entities } satisfies Models.IntegrationTypeEntityListing);
  });

  api.get<{ Params: { typeId: string } }>(`${TYPES}/:typeId`, (request, reply) => {
    reply.send(described(found(types.find(request.params.typeId))));
  });

  api.get<{ Params: { typeId: string; configType: string } }>(
    `${TYPES}/:typeId/configschemas/:configType`,
    (request, reply) => {
      const { properties, name } = found(types.find(request.params.typeId));
      const schemas = new Map([
        ["properties", properties],
        ["advanced", z.strictObject({})],
      ]);
      const schema = found(schemas.get(request.params.configType));
      reply.send({ title: name, ...z.toJSONSchema(schema, { target: "draft-7" }) });
    },
  );
}

function described({ id, name, provider, category, credentials }: SimulatedIntegrationType) {
  return {
    id,
    name,
    provider,
    category,
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([key, { credentialTypes, ...rest }]) => [
        key,
        { ...rest, credentialTypes: [...credentialTypes] },
      ]),
    ),
    configPropertiesSchemaUri: `${TYPES}/${id}/configschemas/properties`,
    configAdvancedSchemaUri: `${TYPES}/${id}/configschemas/advanced`,
    selfUri: `${TYPES}/${id}`,
  } satisfies Models.IntegrationType;
}
