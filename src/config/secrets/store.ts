import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { openClient, type SecretsManagerOptions, TOTAL_MS } from "./aws.ts";
import {
  misconfiguredSecret,
  missingSecret,
  type SecretAction,
  secretErrorCode,
  secretFailure,
} from "./store-failure.ts";

export interface SecretStoreOptions extends SecretsManagerOptions {
  readonly region: string;
}

/** What a secret holds now. */
export interface SecretVersion {
  readonly id: string;
  /** Undefined for a binary one. */
  readonly text: string | undefined;
}

/**
 * Writes secrets into a store. A secret is named by its ARN, or by its name in the region. Every
 * operation rejects with a `Failure` that names the IAM action and holds nothing of a value.
 */
export interface SecretStore {
  /** @returns its ARN; undefined if it does not exist. @throws {Failure} if no value can be put there */
  find(secret: string): Promise<string | undefined>;
  /** @returns undefined if it has no value yet */
  read(secret: string): Promise<SecretVersion | undefined>;
  /** @param text undefined: a secret without a value. @returns its ARN */
  create(name: string, text?: string): Promise<string>;
  /** Gives it another value; the value before stays as `AWSPREVIOUS`. */
  put(secret: string, text: string): Promise<void>;
  /**
   * Checks that another value may be put: puts the present one again under its own id, which
   * "succeeds but does nothing" (AWS Secrets Manager API Reference, "PutSecretValue").
   */
  provePut(secret: string, current: SecretVersion): Promise<void>;
}

const DESCRIPTION = "Ringahead: the secret of the OAuth client at Genesys Cloud";

/** AWS Secrets Manager in one region. No connection is kept, because setup sends few requests. */
export function createSecretStore({ region, ...options }: SecretStoreOptions): SecretStore {
  /** @returns undefined if there is no such secret, or no value in it */
  async function ask<T>(
    action: SecretAction,
    secret: string,
    send: (client: SecretsManagerClient, http: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T | undefined> {
    const client = openClient(region, options);
    try {
      return await send(client, { abortSignal: AbortSignal.timeout(TOTAL_MS) });
    } catch (error) {
      if (secretErrorCode(error) === "ResourceNotFoundException") return undefined;
      throw secretFailure(error, action, secret);
    } finally {
      client.destroy();
    }
  }

  async function put(secret: string, text: string, versionId?: string): Promise<void> {
    const command = new PutSecretValueCommand({
      SecretId: secret,
      SecretString: text,
      ClientRequestToken: versionId,
    });
    const answer = await ask("PutSecretValue", secret, (client, http) =>
      client.send(command, http),
    );
    if (answer === undefined) throw missingSecret(secret);
  }

  return {
    async find(secret) {
      const command = new DescribeSecretCommand({ SecretId: secret });
      const answer = await ask("DescribeSecret", secret, (client, http) =>
        client.send(command, http),
      );
      return answer === undefined ? undefined : writable(answer, secret, region);
    },
    async read(secret) {
      const command = new GetSecretValueCommand({ SecretId: secret });
      const answer = await ask("GetSecretValue", secret, (client, http) =>
        client.send(command, http),
      );
      if (answer === undefined) return undefined;
      return { id: answer.VersionId ?? "", text: answer.SecretString };
    },
    async create(name, text) {
      const command = new CreateSecretCommand({
        Name: name,
        Description: DESCRIPTION,
        SecretString: text,
      });
      const answer = await ask("CreateSecret", name, (client, http) => client.send(command, http));
      if (answer?.ARN === undefined) throw missingSecret(name);
      return answer.ARN;
    },
    put,
    async provePut(secret, { id, text }) {
      if (text !== undefined) await put(secret, text, id);
    },
  };
}

/** [pure] The ARN of a secret that can hold another value (API Reference, "DescribeSecret"). */
function writable(described: DescribeSecretResponse, secret: string, region: string): string {
  const { ARN, DeletedDate, OwningService, PrimaryRegion = region } = described;
  if (ARN === undefined) throw missingSecret(secret);
  if (DeletedDate !== undefined) {
    throw misconfiguredSecret(
      "bad_request",
      `${secret} is marked for deletion`,
      "Restore it (aws secretsmanager restore-secret), or name another.",
    );
  }
  if (OwningService !== undefined) {
    throw misconfiguredSecret(
      "bad_request",
      `${secret} belongs to ${OwningService}; only that service may change it`,
      "Name another secret.",
    );
  }
  if (PrimaryRegion !== region) {
    throw misconfiguredSecret(
      "bad_request",
      `${secret} is a replica of the secret in ${PrimaryRegion} and cannot be changed here`,
      `Name the secret in ${PrimaryRegion}.`,
    );
  }
  return ARN;
}
