import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { pageOf } from "./paging.ts";
import { found, invalid, readBody } from "./reading.ts";

const CREDENTIALS = "/api/v2/integrations/credentials";

const text = z.string().min(1);

/** The fields of each type of credential. */
const FIELDS: Readonly<Record<string, z.ZodType<Readonly<Record<string, string>>>>> = {
  amazonWebServicesARN: z.strictObject({
    ARN: z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\//),
  }),
  basicAuth: z.strictObject({ userName: text, password: text }),
  pureCloudOAuthClient: z.strictObject({ clientId: text, clientSecret: text }),
  userDefined: z.record(z.string(), z.string()),
  userDefinedOAuth: z.record(z.string(), z.string()),
};

export interface OrgCredential {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Never shown by the API. */
  readonly fields: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** The credentials of an org's integrations. */
export type CredentialStore = ReadonlyMap<string, OrgCredential>;

const credential = z.strictObject({
  name: z.string().min(1),
  type: z.strictObject({ name: z.string() }),
  credentialFields: z.record(z.string(), z.string()),
});
const credentialUpdate = credential.extend({
  id: z.string().optional(),
  selfUri: z.string().optional(),
});

/** Adds the operations of credentials ("Integrations" of the Platform API). Their fields can only be written. */
export function addCredentialOperations(
  api: FastifyInstance,
  known: Map<string, OrgCredential>,
  now: () => number,
): void {
  api.get(CREDENTIALS, (request, reply) => {
    const page = pageOf([...known.values()], request);
    reply.send({
      ...page,
      entities: page.entities.map(describeCredential),
    } satisfies Models.CredentialInfoListing);
  });

  api.post(CREDENTIALS, (request, reply) => {
    const { name, type, credentialFields } = readBody(credential, request);
    const fields = fieldsOf(type.name, credentialFields);
    const at = { createdAt: now(), changedAt: now() };
    const created = { id: randomUUID(), name, type: type.name, fields, ...at };
    known.set(created.id, created);
    reply.send(describeCredential(created));
  });

  api.get<{ Params: { credentialId: string } }>(
    `${CREDENTIALS}/:credentialId`,
    (request, reply) => {
      const { id, name, type, selfUri } = describeCredential(
        found(known.get(request.params.credentialId)),
      );
      reply.send({ id, name, type, selfUri });
    },
  );

  api.put<{ Params: { credentialId: string } }>(
    `${CREDENTIALS}/:credentialId`,
    (request, reply) => {
      const before = found(known.get(request.params.credentialId));
      const { name, type, credentialFields } = readBody(credentialUpdate, request);
      if (type.name !== before.type) throw invalid("type.name", `must be ${before.type}`);
      const fields = fieldsOf(type.name, credentialFields);
      const changed = { ...before, name, fields, changedAt: now() };
      known.set(changed.id, changed);
      reply.send(describeCredential(changed));
    },
  );
}

function fieldsOf(type: string, fields: Readonly<Record<string, string>>) {
  const schema = FIELDS[type];
  if (schema === undefined) throw invalid("type.name", `unknown credential type ${type}`);
  const read = schema.safeParse(fields);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(`credentialFields.${issue?.path.join(".") ?? ""}`, issue?.message ?? "invalid");
}

/** A credential as `CredentialInfo`, without its fields. */
export function describeCredential({ id, name, type, createdAt, changedAt }: OrgCredential) {
  return {
    id,
    name,
    type: { id: type, name: type },
    createdDate: new Date(createdAt).toISOString(),
    modifiedDate: new Date(changedAt).toISOString(),
    selfUri: `${CREDENTIALS}/${id}`,
  } satisfies Models.CredentialInfo;
}
