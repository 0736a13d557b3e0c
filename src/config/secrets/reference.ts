/** A secret in AWS Secrets Manager. */
export interface SecretReference {
  /** The ARN of the secret itself. */
  readonly arn: string;
  readonly region: string;
  /** The key, if the secret is a JSON object. Undefined: the secret is its whole text. */
  readonly jsonKey: string | undefined;
  readonly versionStage: string | undefined;
  readonly versionId: string | undefined;
}

/** Whether a value looks like an ARN, not like a secret. */
export function isArn(value: string): boolean {
  return /^arn:aws[a-z-]*:/.test(value);
}

/**
 * [pure] Reads an ARN as Amazon ECS writes it in a task definition (Amazon ECS Developer Guide,
 * "Pass Secrets Manager secrets through environment variables"):
 * `arn:aws:secretsmanager:<region>:<account>:secret:<name>`, or the same with
 * `:<json key>:<version stage>:<version id>` at its end, each of which may be empty.
 * @returns undefined if it is something else
 */
export function readReference(value: string): SecretReference | undefined {
  const found =
    /^(arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:[\w/+=.@!-]+)(?::([^:]*):([^:]*):([^:]*))?$/.exec(
      value,
    );
  const [, arn, region, jsonKey, versionStage, versionId] = found ?? [];
  if (arn === undefined || region === undefined) return undefined;
  return {
    arn,
    region,
    jsonKey: jsonKey || undefined,
    versionStage: versionStage || undefined,
    versionId: versionId || undefined,
  };
}
