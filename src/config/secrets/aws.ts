import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { systemCode } from "../../domain/file-failure.ts";
import { SecretReadError, type SecretReader } from "./reader.ts";
import type { SecretReference } from "./reference.ts";

export interface SecretsManagerOptions {
  /** If it is not AWS's own. */
  readonly endpoint: string | undefined;
  /** Keys for a local endpoint. Without them the SDK's default chain finds the process' role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const CONNECT_MS = 3_000;
const REQUEST_MS = 5_000;
/** For all attempts together: a start must not hang without a route to AWS. */
export const TOTAL_MS = 15_000;

/** AWS Secrets Manager, in the region that each ARN names. */
export function createSecretsManager(options: SecretsManagerOptions): SecretReader {
  return {
    async read(reference) {
      // Requests are rare, so no connection is kept.
      const client = openClient(reference.region, options);
      try {
        const { arn, versionStage, versionId } = reference;
        const answer = await client.send(
          new GetSecretValueCommand({
            SecretId: arn,
            VersionStage: versionStage,
            VersionId: versionId,
          }),
          { abortSignal: AbortSignal.timeout(TOTAL_MS) },
        );
        return secretText(answer.SecretString, reference);
      } catch (error) {
        throw error instanceof SecretReadError ? error : readError(error, reference);
      } finally {
        client.destroy();
      }
    },
  };
}

/** A client of one region. The caller destroys it. */
export function openClient(region: string, { endpoint, credentials }: SecretsManagerOptions) {
  return new SecretsManagerClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
}

/** [pure] The secret's text, or the value of its JSON key. */
function secretText(text: string | undefined, { arn, jsonKey }: SecretReference): string {
  if (text === undefined) {
    throw new SecretReadError(`${arn} is binary: store the secret as text`);
  }
  const fields = jsonObject(text);
  if (jsonKey === undefined) {
    if (fields === undefined) return present(text, arn);
    throw new SecretReadError(`${arn} holds a JSON object: name the key, as in ${arn}:<key>::`);
  }
  if (fields === undefined) {
    throw new SecretReadError(`${arn} holds no JSON object, so there is no key ${jsonKey} in it`);
  }
  const value = Object.hasOwn(fields, jsonKey) ? fields[jsonKey] : undefined;
  if (typeof value === "string") return present(value, `${jsonKey} of ${arn}`);
  throw new SecretReadError(
    value === undefined
      ? `${arn} has no key ${jsonKey}`
      : `${jsonKey} of ${arn} must be a JSON string`,
  );
}

function present(value: string, what: string): string {
  if (value.trim() === "") throw new SecretReadError(`${what} is empty`);
  return value.trim();
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** By the errors of `GetSecretValue` (AWS Secrets Manager API Reference). */
function readError(
  error: unknown,
  { arn, versionStage, versionId }: SecretReference,
): SecretReadError {
  const name = error instanceof Error ? error.name : "unknown error";
  const version = versionId ?? versionStage;
  switch (name) {
    case "ResourceNotFoundException":
      return new SecretReadError(
        `${arn} does not exist${version === undefined ? "" : `, or has no version ${version}`}: check account, region and name`,
      );
    case "AccessDeniedException":
      return new SecretReadError(
        `${arn} may not be read: allow secretsmanager:GetSecretValue on it to the role of this process, and kms:Decrypt if it has a key of its own`,
      );
    case "DecryptionFailure":
    case "DecryptionFailureException":
      return new SecretReadError(
        `${arn} cannot be decrypted: allow kms:Decrypt on its key to the role of this process`,
      );
    case "InvalidRequestException":
      return new SecretReadError(`${arn} cannot be read: it is probably marked for deletion`);
    case "CredentialsProviderError":
      return new SecretReadError(
        `${arn} may not be read: no AWS credentials were found; give the process a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      );
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "ExpiredTokenException":
      return new SecretReadError(`${arn} may not be read: check the AWS credentials (${name})`);
    default:
      return new SecretReadError(
        `${arn} could not be fetched (${systemCode(error) ?? name}): check that Secrets Manager can be reached from here (AWS_ENDPOINT_URL, VPC endpoint, NAT)`,
      );
  }
}
