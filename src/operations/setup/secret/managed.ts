import { isArn, readReference } from "../../../config/secrets/reference.ts";
import {
  createSecretStore,
  type SecretStore,
  type SecretStoreOptions,
  type SecretVersion,
} from "../../../config/secrets/store.ts";
import { type SecretPlace, wrongPlace } from "./place.ts";

/** "CreateSecret" (AWS Secrets Manager API Reference). */
const NAME = /^[\w/+=.@-]{1,512}$/;

/**
 * A secret in AWS Secrets Manager. One that is not there is made by `prepare`, without a value: that
 * much of the permissions is then proven. Whether a first value may be put shows only when it is.
 * @param given its name in `options.region`, or its ARN; a secret of that ARN must be there
 * @throws {Failure} where it is neither
 */
export function managedSecret(given: string, options: SecretStoreOptions): SecretPlace {
  const store = createSecretStore({ ...options, region: regionOf(given) ?? options.region });

  // Secrets Manager may not find at once what it has just made.
  let made: string | undefined;

  /** @returns its ARN; undefined for a name that nothing has. */
  async function find(): Promise<string | undefined> {
    const arn = made ?? (await store.find(given));
    if (arn !== undefined || !isArn(given)) return arn;
    throw wrongPlace(
      `${given} does not exist`,
      "Check account, region and name, or give a name: a secret of that name is made.",
    );
  }

  return {
    told: given,
    async read() {
      const arn = await find();
      return arn === undefined ? undefined : (await clientSecretIn(store, arn))?.text?.trim();
    },
    async prepare() {
      const arn = await find();
      if (arn === undefined) {
        made = await store.create(given);
        return;
      }
      const current = await clientSecretIn(store, arn);
      if (current !== undefined) await store.provePut(arn, current);
    },
    async keep(secret) {
      const arn = await find();
      if (arn === undefined) made = await store.create(given, secret);
      else await store.put(arn, secret);
    },
    // Its name does as well for people, but not for the worker.
    reference: async () => (await find()) ?? given,
  };
}

function regionOf(given: string): string | undefined {
  if (!isArn(given)) {
    if (NAME.test(given)) return undefined;
    throw wrongPlace(
      `"${given}" is no name of a secret`,
      "A name has letters, digits and /_+=.@- only.",
    );
  }
  const reference = readReference(given);
  if (reference === undefined || reference.arn !== given) {
    throw wrongPlace(
      `${given} is no ARN of a whole secret`,
      "Give arn:aws:secretsmanager:<region>:<account>:secret:<name>, with no key or version at its end.",
    );
  }
  return reference.region;
}

/** What is there is replaced later: it must be one client's secret, as plain text. */
async function clientSecretIn(store: SecretStore, arn: string): Promise<SecretVersion | undefined> {
  const current = await store.read(arn);
  if (current === undefined) return undefined;
  const text = current.text?.trim();
  if (text === undefined || text.startsWith("{")) {
    const holds = text === undefined ? "binary data" : "a JSON object";
    throw wrongPlace(
      `${arn} holds ${holds}, which would be lost`,
      "Name a secret of its own for the client, or a new one.",
    );
  }
  return current;
}
