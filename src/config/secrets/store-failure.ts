import { Failure, type FailureCode } from "../../domain/failure.ts";

/** An operation of Secrets Manager, which is also the IAM action that it needs. */
export type SecretAction = "CreateSecret" | "DescribeSecret" | "GetSecretValue" | "PutSecretValue";

/** The secret does not exist, or no longer. */
export function missingSecret(secret: string): Failure {
  return misconfiguredSecret(
    "bad_request",
    `${secret} does not exist`,
    "Check account, region (AWS_REGION) and name.",
  );
}

/** [pure] By the errors of each action (AWS Secrets Manager API Reference). */
export function secretFailure(error: unknown, action: SecretAction, secret: string): Failure {
  const code = secretErrorCode(error);
  switch (code) {
    case "AccessDeniedException":
      return misconfiguredSecret(
        "forbidden",
        `secretsmanager:${action} is not allowed on ${secret}`,
        `Allow secretsmanager:${action} on it to the user of this command; if it has a key of its own, kms:Decrypt and kms:GenerateDataKey too.`,
      );
    case "EncryptionFailure":
    case "DecryptionFailure":
      return misconfiguredSecret(
        "forbidden",
        `the key of ${secret} cannot be used (${code})`,
        "Allow kms:Decrypt and kms:GenerateDataKey on it to the user of this command, and check that the key is enabled.",
      );
    case "ResourceExistsException":
      return misconfiguredSecret(
        "bad_request",
        `${secret} was changed at the same time by somebody else`,
        "Run the command again.",
      );
    case "InvalidRequestException":
      return misconfiguredSecret(
        "bad_request",
        `${secret} cannot be used now: it is probably marked for deletion`,
        "Restore it (aws secretsmanager restore-secret), or name another.",
      );
    case "InvalidParameterException":
    case "ValidationException":
      return misconfiguredSecret(
        "bad_request",
        `Secrets Manager does not accept the name ${secret} (${code})`,
        "Use letters, digits and /_+=.@- only.",
      );
    case "CredentialsProviderError":
      return misconfiguredSecret(
        "unauthorized",
        `secretsmanager:${action}: no AWS credentials were found`,
        "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or keep the secret in a file with --secret-file.",
      );
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "ExpiredTokenException":
      return misconfiguredSecret(
        "unauthorized",
        `secretsmanager:${action}: the AWS credentials were refused (${code})`,
        "Sign in to AWS again, and check this machine's clock and the region.",
      );
    default:
      return unreached(error, action, secret);
  }
}

function unreached(error: unknown, action: SecretAction, secret: string): Failure {
  const errno =
    error instanceof Error && "code" in error ? String(error.code) : secretErrorCode(error);
  const reason = /^[\w.]{1,100}$/.test(errno) ? errno : "unknown error";
  return new Failure({
    kind: "retryable",
    code: "network",
    source: "worker",
    message: `secretsmanager:${action} on ${secret} failed (${reason})`,
    cure: "Check that Secrets Manager can be reached from here (AWS_REGION, AWS_ENDPOINT_URL, proxy), then run the command again.",
  });
}

/** A failure that lasts until the set-up is corrected. */
export function misconfiguredSecret(code: FailureCode, message: string, cure: string): Failure {
  return new Failure({ kind: "misconfigured", code, source: "worker", message, cure });
}

/** The name that the API Reference gives an error. */
export function secretErrorCode(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
