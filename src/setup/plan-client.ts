import type { Client, Picture } from "./picture.ts";
import { divisionOf, isOf } from "./plan-role.ts";
import { blocked, type ClientContent, left, type Step } from "./step.ts";
import type { Wish } from "./wish.ts";

/** [pure] The worker's OAuth client: client credentials, with the role and nothing else. */
export function planWorkerClient(picture: Picture, wish: Wish, place: string): Step {
  const { role, secret, homeDivision } = picture;
  const thing = `OAuth client ${wish.name}`;
  const divisionId = divisionOf(picture, wish);
  const where = wish.everyDivision ? "in every division" : `in the division ${homeDivision.name}`;
  const content: ClientContent = {
    name: wish.name,
    description: "The worker's. Made by `ringahead setup`.",
    grantType: "CLIENT-CREDENTIALS",
    divisionId,
    otherRoles: [],
    scopes: [],
    redirectUris: [],
  };
  const [client, another] = picture.clients.filter(({ name }) => name === wish.name);
  if (another !== undefined) return severalOf(thing);
  if (client === undefined) {
    return {
      thing,
      does: "create",
      told: [
        `client credentials, with the role ${wish.name} ${where}`,
        `its secret goes to ${place}`,
      ],
      deeds: [{ kind: "createClient", key: "worker", content }],
    };
  }
  const unusable = unusableClient(thing, client, content);
  if (unusable !== undefined) return unusable;
  const hasRole = client.roles.some(
    (grant) => grant.roleId === role?.id && isOf(grant.divisionId, divisionId),
  );
  const others = client.roles.filter(({ roleId }) => roleId !== role?.id);
  const renew = wish.newSecret;
  if (!renew && (secret === "absent" || secret === "refused")) {
    return lostSecret(thing, place, secret);
  }
  const told = [
    ...(hasRole ? [] : [`gets the role ${wish.name} ${where}`]),
    ...(client.state === "active" ? [] : [`is ${client.state}, becomes active`]),
    ...(renew ? [`gets a new secret, kept in ${place}; the one in use stops working at once`] : []),
  ];
  const noted = others.map(
    ({ roleId }) => `has a role beside ours, which is left to it: ${roleId}`,
  );
  if (told.length === 0) return left(thing, `id ${client.id}`, ...noted);
  const update = !hasRole || client.state !== "active";
  return {
    thing,
    does: "change",
    told: [...told, ...noted],
    deeds: [
      ...(update
        ? [
            {
              kind: "updateClient" as const,
              id: client.id,
              content: { ...content, otherRoles: others },
            },
          ]
        : []),
      ...(renew ? [{ kind: "renewSecret" as const, clientId: client.id }] : []),
    ],
  };
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
function lostSecret(thing: string, place: string, secret: "absent" | "refused"): Step {
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
