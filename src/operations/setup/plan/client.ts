import type { Client, CurrentState, SecretState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { divisionOf, isOf } from "./role.ts";
import { blocked, type Change, type ClientContent, left, type Step, TOKEN_LIFE_S } from "./step.ts";

/** [pure] The worker's OAuth client: client credentials, with the role and nothing else. */
export function planWorkerClient(picture: CurrentState, wish: DesiredState, place: string): Step {
  const thing = `OAuth client ${wish.name}`;
  const content: ClientContent = {
    ...{ name: wish.name, description: "The worker's. Made by `ringahead setup`." },
    ...{ grantType: "CLIENT-CREDENTIALS", tokenLifeSeconds: TOKEN_LIFE_S },
    divisionId: divisionOf(picture, wish),
    ...{ otherRoles: [], scopes: [], redirectUris: [] },
  };
  const [client, another] = picture.clients.filter(({ name }) => name === wish.name);
  if (another !== undefined) return severalOf(thing);
  if (client !== undefined) {
    return (
      unusableClient(thing, client, content) ??
      lostSecret(thing, place, picture.secret, wish) ??
      changedWorkerClient(picture, wish, place, client, content)
    );
  }
  const instead = picture.secret === "foreign" ? ", in place of what is kept there now" : "";
  return {
    thing,
    does: "create",
    told: [
      `client credentials, with the role ${wish.name} ${whereOf(picture, wish)}`,
      `its secret goes to ${place}${instead}`,
    ],
    deeds: [{ kind: "createClient", key: "worker", content }],
  };
}

function changedWorkerClient(
  picture: CurrentState,
  wish: DesiredState,
  place: string,
  client: Client,
  content: ClientContent,
): Step {
  const { role } = picture;
  const thing = `OAuth client ${wish.name}`;
  const hasRole = client.roles.some(
    ({ roleId, divisionId }) => roleId === role?.id && isOf(divisionId, divisionOf(picture, wish)),
  );
  const others = client.roles.filter(({ roleId }) => roleId !== role?.id);
  const told = [
    ...(hasRole ? [] : [`gets the role ${wish.name} ${whereOf(picture, wish)}`]),
    ...(client.state === "active" ? [] : [`is ${client.state}, becomes active`]),
    ...(wish.newSecret
      ? [`gets a new secret, kept in ${place}; the one in use stops working at once`]
      : []),
  ];
  const noted = others.map(
    ({ roleId }) => `has a role beside ours, which is left to it: ${roleId}`,
  );
  if (told.length === 0) return left(thing, `id ${client.id}`, ...noted);
  const update: Change = {
    kind: "updateClient",
    id: client.id,
    content: { ...kept(content, client), otherRoles: others },
  };
  return {
    thing,
    does: "change",
    told: [...told, ...noted],
    deeds: [
      ...(hasRole && client.state === "active" ? [] : [update]),
      ...(wish.newSecret ? [{ kind: "renewSecret", clientId: client.id } as const] : []),
    ],
  };
}

function whereOf({ homeDivision }: CurrentState, { everyDivision }: DesiredState): string {
  return everyDivision ? "in every division" : `in the division ${homeDivision.name}`;
}

/** [pure] What somebody has set differently is left so. */
export function kept(content: ClientContent, client: Client): ClientContent {
  const { description, tokenLifeSeconds } = client;
  return { ...content, description, tokenLifeSeconds };
}

/** [pure] A client that cannot be made what is wanted. */
export function unusableClient(
  thing: string,
  client: Client,
  wanted: ClientContent,
): Step | undefined {
  if (client.grantType !== wanted.grantType) {
    return blocked(
      thing,
      `is there with the grant type ${client.grantType}, which cannot be changed`,
      "Rename or delete it in Admin > Integrations > OAuth, or set up under another name with --name.",
    );
  }
  if (client.state === "disabled") {
    return blocked(
      thing,
      "was suspended by Genesys: no token is given to it",
      "Ask Genesys' support why, by its id " +
        `${client.id}; with --name another client can be made, which may meet the same fate.`,
    );
  }
  return undefined;
}

/** Secrets are told once, when they are made (Resource Center, "OAuth client secret no longer visible after creation"). */
function lostSecret(
  thing: string,
  place: string,
  secret: SecretState,
  { newSecret }: DesiredState,
): Step | undefined {
  if (newSecret || (secret !== "absent" && secret !== "refused")) return undefined;
  const what =
    secret === "absent"
      ? `is there, but ${place} holds no secret: an earlier run may have ended between the two`
      : `is there, but what ${place} holds is not its secret`;
  return blocked(
    thing,
    `${what}. Nobody can read it any more`,
    "Name the place where its secret is kept (--secret, --secret-file), or make it a new one with --new-secret: whatever uses the old one stops.",
  );
}

/** [pure] Names of clients are not unique. */
export function severalOf(thing: string): Step {
  return blocked(
    thing,
    "there are several of this name",
    "Rename or delete all but one in Admin > Integrations > OAuth.",
  );
}
