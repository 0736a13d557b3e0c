import type { Client, CurrentState, SecretState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { coversDivision, divisionOf } from "./role.ts";
import {
  blocked,
  type Change,
  type ClientContent,
  type Step,
  TOKEN_LIFE_S,
  unchanged,
} from "./step.ts";

/**
 * [pure] The worker's OAuth client: client credentials, with the role and nothing else.
 * @param place where the secret is stored, for people
 */
export function planWorkerClient(
  current: CurrentState,
  desired: DesiredState,
  place: string,
): Step {
  const thing = `OAuth client ${desired.name}`;
  const content: ClientContent = {
    ...{ name: desired.name, description: "The worker's. Made by `ringahead setup`." },
    ...{ grantType: "CLIENT-CREDENTIALS", tokenLifeSeconds: TOKEN_LIFE_S },
    divisionId: divisionOf(current, desired),
    ...{ otherRoles: [], scopes: [], redirectUris: [] },
  };
  const [client, another] = current.clients.filter(({ name }) => name === desired.name);
  if (another !== undefined) return severalClients(thing);
  if (client !== undefined) {
    return (
      unusableClient(thing, client, content) ??
      lostSecret(thing, place, current.secret, desired) ??
      planExistingClient(current, desired, place, client, content)
    );
  }
  const replacing = current.secret === "foreign" ? ", which replaces the secret there" : "";
  return {
    thing,
    action: "create",
    details: [
      `client credentials, with the role ${desired.name} ${divisionText(current, desired)}`,
      `its secret goes to ${place}${replacing}`,
    ],
    changes: [{ kind: "createClient", key: "worker", content }],
  };
}

function planExistingClient(
  current: CurrentState,
  desired: DesiredState,
  place: string,
  client: Client,
  content: ClientContent,
): Step {
  const { role } = current;
  const thing = `OAuth client ${desired.name}`;
  const hasRole = client.roles.some(
    ({ roleId, divisionId }) =>
      roleId === role?.id && coversDivision(divisionId, divisionOf(current, desired)),
  );
  const otherRoles = client.roles.filter(({ roleId }) => roleId !== role?.id);
  const differences = [
    ...(hasRole ? [] : [`gets the role ${desired.name} ${divisionText(current, desired)}`]),
    ...(client.state === "active" ? [] : [`is ${client.state}, becomes active`]),
    ...(desired.newSecret
      ? [`gets a new secret, stored in ${place}; the current secret stops working at once`]
      : []),
  ];
  const notes = otherRoles.map(({ roleId }) => `keeps another role: ${roleId}`);
  if (differences.length === 0) return unchanged(thing, `id ${client.id}`, ...notes);
  const update: Change = {
    kind: "updateClient",
    id: client.id,
    content: { ...keepSettings(content, client), otherRoles },
  };
  return {
    thing,
    action: "change",
    details: [...differences, ...notes],
    changes: [
      ...(hasRole && client.state === "active" ? [] : [update]),
      ...(desired.newSecret ? [{ kind: "renewSecret", clientId: client.id } as const] : []),
    ],
  };
}

function divisionText({ homeDivision }: CurrentState, { everyDivision }: DesiredState): string {
  return everyDivision ? "in every division" : `in the division ${homeDivision.name}`;
}

/** [pure] Keeps the description and the token life that an administrator may have changed. */
export function keepSettings(content: ClientContent, client: Client): ClientContent {
  const { description, tokenLifeSeconds } = client;
  return { ...content, description, tokenLifeSeconds };
}

/** [pure] The blocked step for a client that cannot be changed as desired; undefined if it can. */
export function unusableClient(
  thing: string,
  client: Client,
  desired: ClientContent,
): Step | undefined {
  if (client.grantType !== desired.grantType) {
    return blocked(
      thing,
      `exists with the grant type ${client.grantType}, which cannot be changed`,
      "Rename or delete it in Admin > Integrations > OAuth, or give another --name.",
    );
  }
  if (client.state === "disabled") {
    return blocked(
      thing,
      "was suspended by Genesys: it gets no token",
      `Ask Genesys support for the reason, with its id ${client.id}. With another --name, setup creates a new client, which Genesys may suspend too.`,
    );
  }
  return undefined;
}

/** A secret is shown once, when it is created (Resource Center, "OAuth client secret no longer visible after creation"). */
function lostSecret(
  thing: string,
  place: string,
  secret: SecretState,
  { newSecret }: DesiredState,
): Step | undefined {
  if (newSecret || (secret !== "absent" && secret !== "refused")) return undefined;
  const problem =
    secret === "absent"
      ? `exists, but ${place} holds no secret: an earlier run may have ended before it stored the secret`
      : `exists, but what ${place} holds is not its secret`;
  return blocked(
    thing,
    `${problem}. Genesys Cloud does not show the secret again`,
    "Name the place that holds the secret (--secret, --secret-file), or create a new secret with --new-secret: whatever uses the old one then stops working.",
  );
}

/** [pure] Genesys Cloud allows several clients of one name. */
export function severalClients(thing: string): Step {
  return blocked(
    thing,
    "there are several of this name",
    "Rename or delete all but one in Admin > Integrations > OAuth.",
  );
}
