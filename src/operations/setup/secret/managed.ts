import { isArn, readReference } from "../../../config/secrets/reference.ts";
import {
  createSecretStore,
  type SecretStore,
  type SecretStoreOptions,
  type SecretVersion,
} from "../../../config/secrets/store.ts";
import { invalidPlace, type SecretPlace } from "./place.ts";

/** "CreateSecret" (AWS Secrets Manager API Reference). */
const NAME = /^[\w/+=.@-]{1,512}$/;

/**
 * A secret in AWS Secrets Manager. `prepare` creates a missing one without a value, which proves most
 * permissions. Whether a first value can be put is known only when it is put.
 * @param nameOrArn a name in `options.region`, or an ARN; a secret with that ARN must exist
 * @throws {Failure} if it is neither
 */
export function managedSecret(nameOrArn: string, options: SecretStoreOptions): SecretPlace {
  const store = createSecretStore({ ...options, region: regionOf(nameOrArn) ?? options.region });

  // Secrets Manager may not find a secret at once after its creation.
  let createdArn: string | undefined;

  /** @returns the ARN; undefined if no secret has this name. @throws {Failure} */
  async function find(): Promise<string | undefined> {
    const arn = createdArn ?? (await store.find(nameOrArn));
    if (arn !== undefined || !isArn(nameOrArn)) return arn;
    throw invalidPlace(
      `${nameOrArn} does not exist`,
      "Check account, region and name, or give a name: setup creates a secret with that name.",
    );
  }

  return {
    description: nameOrArn,
    async read() {
      const arn = await find();
      return arn === undefined ? undefined : (await clientSecretIn(store, arn))?.text?.trim();
    },
    async prepare() {
      const arn = await find();
      if (arn === undefined) {
        createdArn = await store.create(nameOrArn);
        return;
      }
      const current = await clientSecretIn(store, arn);
      if (current !== undefined) await store.provePut(arn, current);
    },
    async store(secret) {
      const arn = await find();
      if (arn === undefined) createdArn = await store.create(nameOrArn, secret);
      else await store.put(arn, secret);
    },
    // The worker takes only an ARN for a reference.
    reference: async () => (await find()) ?? nameOrArn,
  };
}

function regionOf(nameOrArn: string): string | undefined {
  if (!isArn(nameOrArn)) {
    if (NAME.test(nameOrArn)) return undefined;
    throw invalidPlace(
      `"${nameOrArn}" is not a valid name of a secret`,
      "A name has only letters, digits and /_+=.@-.",
    );
  }
  const reference = readReference(nameOrArn);
  if (reference === undefined || reference.arn !== nameOrArn) {
    throw invalidPlace(
      `${nameOrArn} is not the ARN of a whole secret`,
      "Give arn:aws:secretsmanager:<region>:<account>:secret:<name>, with no key or version at its end.",
    );
  }
  return reference.region;
}

/** @throws {Failure} if the value is not one plain text: it would be replaced later */
async function clientSecretIn(store: SecretStore, arn: string): Promise<SecretVersion | undefined> {
  const current = await store.read(arn);
  if (current === undefined) return undefined;
  const text = current.text?.trim();
  if (text === undefined || text.startsWith("{")) {
    const content = text === undefined ? "binary data" : "a JSON object";
    throw invalidPlace(
      `${arn} holds ${content}, which would be lost`,
      "Name a secret that holds only the client's secret, or a new one.",
    );
  }
  return current;
}
