import { z } from "zod";
import {
  type LoopbackServer,
  startLoopback,
} from "../../src/sandbox/simulators/server/loopback-server.ts";

/** One secret of the stand-in. */
export interface StoredSecret {
  /** Undefined for a binary one. */
  readonly text: string | undefined;
  /** The id of this version; undefined: the stand-in's default. */
  readonly versionId?: string;
  /** The value before the latest rotation: `AWSPREVIOUS`. */
  readonly previous?: string;
  /** It was created without a value. */
  readonly empty?: true;
  /** Further members of the answer of DescribeSecret. */
  readonly described?: Readonly<Record<string, unknown>>;
  /** The error to answer with, by its name in the API. */
  readonly error?: string;
}

/** A stand-in for AWS Secrets Manager on 127.0.0.1. It refuses unknown operations by name. */
export interface SecretsManager extends LoopbackServer {
  /** By ARN. */
  readonly secrets: Map<string, StoredSecret>;
  /** The ARN or name in every GetSecretValue that was well-formed, oldest first. */
  readonly asked: readonly string[];
  /** Operations that created or changed something, oldest first. */
  readonly writes: readonly string[];
  /** Errors by operation, as `AccessDeniedException` of `PutSecretValue`. */
  readonly refused: Map<string, string>;
}

const JSON_TYPE = "application/x-amz-json-1.1";
const ACCOUNT = "111122223333";
const FIRST_VERSION = "5b0c1111-2222-3333-4444-1d5b7c3e9f00";
/** What a SigV4 `Authorization` holds (AWS Signature Version 4, "Create a signed request"). */
const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=[^/,]+\/\d{8}\/([a-z0-9-]+)\/secretsmanager\/aws4_request, SignedHeaders=[^,]*\bhost\b[^,]*, Signature=[0-9a-f]{64}$/;

class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** By the API Reference; members that are not simulated are refused. */
const secretId = z.string().min(1).max(2_048);
/** "ClientRequestToken": the SDK creates one if its caller gives none. */
const token = z.string().min(32).max(64);
const inputs = {
  GetSecretValue: z.strictObject({
    SecretId: secretId,
    VersionStage: z.string().optional(),
    VersionId: z.string().optional(),
  }),
  DescribeSecret: z.strictObject({ SecretId: secretId }),
  CreateSecret: z.strictObject({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    ClientRequestToken: token,
    Description: z.string().max(2_048).optional(),
    SecretString: z.string().min(1).max(65_536).optional(),
  }),
  PutSecretValue: z.strictObject({
    SecretId: secretId,
    ClientRequestToken: token,
    SecretString: z.string().min(1).max(65_536),
  }),
} as const;

type Action = keyof typeof inputs;

/**
 * Starts the stand-in. Strict about the protocol (AWS JSON 1.1, errors by their names in `__type`), the members
 * of the request, and the region that the request is signed for, which must be the secret's own.
 * Signatures themselves are not checked.
 */
export async function startSecretsManager(): Promise<SecretsManager> {
  const secrets = new Map<string, StoredSecret>();
  const asked: string[] = [];
  const writes: string[] = [];
  const refused = new Map<string, string>();

  /** By ARN, or by name in the region. Throws the error that the test set. */
  function find(id: string, region: string): readonly [arn: string, stored: StoredSecret] {
    const arn = [...secrets.keys()].find(
      (one) => one.split(":")[3] === region && (one === id || nameOf(one) === id),
    );
    const stored = secrets.get(arn ?? id);
    if (stored?.error !== undefined) throw new Refusal(stored.error, "set by the test");
    if (arn === undefined || stored === undefined) {
      throw notFound("Secrets Manager can't find the specified secret.");
    }
    return [arn, stored];
  }

  function getValue(input: z.infer<(typeof inputs)["GetSecretValue"]>, region: string): unknown {
    const { SecretId: id, VersionStage: stage = "AWSCURRENT", VersionId: version } = input;
    asked.push(id);
    const [arn, stored] = find(id, region);
    const exists =
      (stage === "AWSCURRENT" && !stored.empty) ||
      (stage === "AWSPREVIOUS" && stored.previous !== undefined);
    if (version !== undefined || !exists) {
      throw notFound(`can't find the specified secret value for staging label: ${stage}`);
    }
    if (stored.described?.DeletedDate !== undefined) throw markedForDeletion();
    const text = stage === "AWSPREVIOUS" ? stored.previous : stored.text;
    return {
      ...{ ARN: arn, Name: nameOf(arn), VersionId: stored.versionId ?? FIRST_VERSION },
      ...{ VersionStages: [stage], CreatedDate: 1_767_225_600.5 },
      ...(text === undefined ? { SecretBinary: "c2VjcmV0" } : { SecretString: text }),
    };
  }

  function describe(id: string, region: string): unknown {
    const [arn, stored] = find(id, region);
    const current = stored.versionId ?? FIRST_VERSION;
    const versions = stored.empty ? {} : { VersionIdsToStages: { [current]: ["AWSCURRENT"] } };
    const times = { CreatedDate: 1_767_225_600.5, LastChangedDate: 1_767_225_600.5 };
    return { ARN: arn, Name: nameOf(arn), ...times, ...versions, ...stored.described };
  }

  function create(input: z.infer<(typeof inputs)["CreateSecret"]>, region: string): unknown {
    const { Name, SecretString: text, ClientRequestToken: versionId } = input;
    const arn = `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${Name}-AbCdEf`;
    const stored = secrets.get(arn);
    if (stored?.described?.DeletedDate !== undefined) throw markedForDeletion();
    if (stored !== undefined) {
      throw new Refusal("ResourceExistsException", `The secret ${Name} already exists.`);
    }
    const version = text === undefined ? { empty: true as const } : { versionId };
    secrets.set(arn, { text, ...version });
    writes.push("CreateSecret");
    return { ARN: arn, Name, ...(text === undefined ? {} : { VersionId: versionId }) };
  }

  /** A version is immutable: the same value does nothing, another value under its id is refused. */
  function put(input: z.infer<(typeof inputs)["PutSecretValue"]>, region: string): unknown {
    const { SecretString: text, ClientRequestToken: versionId } = input;
    const [arn, stored] = find(input.SecretId, region);
    if (stored.described?.DeletedDate !== undefined) throw markedForDeletion();
    if (stored.empty || versionId !== (stored.versionId ?? FIRST_VERSION)) {
      const previous = stored.text === undefined ? {} : { previous: stored.text };
      secrets.set(arn, { text, versionId, ...previous });
      writes.push("PutSecretValue");
    } else if (text !== stored.text) {
      throw new Refusal("ResourceExistsException", "A resource with the ID already exists.");
    }
    return { ARN: arn, Name: nameOf(arn), VersionId: versionId, VersionStages: ["AWSCURRENT"] };
  }

  function answer(action: string, body: unknown, region: string): unknown {
    const refusal = refused.get(action);
    if (refusal !== undefined) throw new Refusal(refusal, "set by the test");
    switch (action) {
      case "GetSecretValue":
        return getValue(read(action, body), region);
      case "DescribeSecret":
        return describe(read(action, body).SecretId, region);
      case "CreateSecret":
        return create(read(action, body), region);
      case "PutSecretValue":
        return put(read(action, body), region);
      default:
        throw new Refusal("UnknownOperationException", `${action} is not simulated`);
    }
  }

  const server = await startLoopback({ bodyLimitBytes: 100_000 }, (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(JSON_TYPE, { parseAs: "string" }, (_request, body, parsed) =>
      parsed(null, JSON.parse(body.toString())),
    );
    app.setErrorHandler((error, _request, reply) =>
      reply
        .code(400)
        .type(JSON_TYPE)
        .send({
          __type: error instanceof Refusal ? error.code : "SerializationException",
          Message: String(error),
        }),
    );
    app.post("/", (request, reply) => {
      const [service, action = ""] = String(request.headers["x-amz-target"]).split(".");
      if (service !== "secretsmanager") {
        throw new Refusal("UnknownOperationException", "not simulated");
      }
      const region = SIGNED.exec(request.headers.authorization ?? "")?.[1];
      if (region === undefined) throw new Refusal("MissingAuthenticationTokenException", "SigV4");
      reply.type(JSON_TYPE).send(JSON.stringify(answer(action, request.body, region)));
    });
  });
  return { ...server, secrets, asked, writes, refused };
}

/** @throws {Refusal} naming the wrong members, without their values */
function read<A extends Action>(action: A, body: unknown): z.infer<(typeof inputs)[A]> {
  const parsed = inputs[action].safeParse(body);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`);
    throw new Refusal("InvalidParameterException", `${action}: ${wrong.join(", ")}`);
  }
  // The schema belongs to this action.
  return parsed.data as z.infer<(typeof inputs)[A]>;
}

function nameOf(arn: string): string | undefined {
  return arn
    .split(":")
    .at(-1)
    ?.replace(/-\w{6}$/, "");
}

function notFound(message: string): Refusal {
  return new Refusal("ResourceNotFoundException", message);
}

function markedForDeletion(): Refusal {
  const message = "You can't perform this operation: the secret was marked for deletion.";
  return new Refusal("InvalidRequestException", message);
}
