import { type LoopbackServer, startLoopback } from "../../src/sandbox/loopback-server.ts";

/** One secret, as the stand-in keeps it. */
export interface StoredSecret {
  /** Undefined for a binary one. */
  readonly text: string | undefined;
  /** What it was before the latest rotation: `AWSPREVIOUS`. */
  readonly previous?: string;
  /** Answered instead, by its name in the API. */
  readonly error?: string;
}

/** A stand-in for AWS Secrets Manager on 127.0.0.1: `GetSecretValue`, and nothing else. */
export interface SecretsManager extends LoopbackServer {
  /** By ARN. */
  readonly secrets: Map<string, StoredSecret>;
  /** The ARN of every request that was well-formed, oldest first. */
  readonly asked: readonly string[];
}

const JSON_TYPE = "application/x-amz-json-1.1";
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

/**
 * Starts it. Strict about the protocol (AWS JSON 1.1, errors by their names in `__type`), the members
 * of the request, and the region that the request is signed for, which must be the secret's own.
 * Signatures themselves are not checked.
 */
export async function startSecretsManager(): Promise<SecretsManager> {
  const secrets = new Map<string, StoredSecret>();
  const asked: string[] = [];

  function answer(input: Record<string, unknown>, region: string | undefined): unknown {
    const { SecretId: id, VersionStage: stage = "AWSCURRENT", VersionId: version } = input;
    const unknown = Object.keys(input).filter(
      (name) => !["SecretId", "VersionStage", "VersionId"].includes(name),
    );
    if (unknown.length > 0) throw new Refusal("ValidationException", `unknown ${unknown}`);
    if (typeof id !== "string") throw new Refusal("InvalidParameterException", "SecretId");
    asked.push(id);
    const stored = secrets.get(id);
    if (stored?.error !== undefined) throw new Refusal(stored.error, "as the test wants it");
    const isThere =
      stage === "AWSCURRENT" || (stage === "AWSPREVIOUS" && stored?.previous !== undefined);
    if (id.split(":")[3] !== region || stored === undefined || version !== undefined || !isThere) {
      throw new Refusal(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
      );
    }
    const text = stage === "AWSPREVIOUS" ? stored.previous : stored.text;
    return {
      ARN: id,
      Name: id
        .split(":")
        .at(-1)
        ?.replace(/-\w{6}$/, ""),
      VersionId: "5b0c1111-2222-3333-4444-1d5b7c3e9f00",
      VersionStages: [stage],
      CreatedDate: 1_767_225_600.5,
      ...(text === undefined ? { SecretBinary: "c2VjcmV0" } : { SecretString: text }),
    };
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
      if (request.headers["x-amz-target"] !== "secretsmanager.GetSecretValue") {
        throw new Refusal("UnknownOperationException", "not simulated");
      }
      const region = SIGNED.exec(request.headers.authorization ?? "")?.[1];
      if (region === undefined) throw new Refusal("MissingAuthenticationTokenException", "SigV4");
      const body = { ...(request.body as Record<string, unknown>) };
      reply.type(JSON_TYPE).send(JSON.stringify(answer(body, region)));
    });
  });
  return { ...server, secrets, asked };
}
