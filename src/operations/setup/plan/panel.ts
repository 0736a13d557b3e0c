import { kept, severalOf, unusableClient } from "./client.ts";
import type { CurrentState } from "./current-state.ts";
import type { DesiredPanel, DesiredState } from "./desired-state.ts";
import { planIntegration } from "./integration.ts";
import { type ClientContent, type CreatedIds, left, type Step, TOKEN_LIFE_S } from "./step.ts";

export const WIDGET_TYPE = "embedded-client-app-interaction-widget";

/** [pure] The panel's own client, by which agents sign in: no secret, no role, one scope. */
export function planPanelClient(picture: CurrentState, wish: DesiredState, url: string): Step {
  const name = panelName(wish);
  const thing = `OAuth client ${name}`;
  const content: ClientContent = {
    name,
    description: "The agent's panel signs in with it. Made by `ringahead setup`.",
    grantType: "CODE",
    tokenLifeSeconds: TOKEN_LIFE_S,
    divisionId: undefined,
    otherRoles: [],
    scopes: ["conversations:readonly"],
    redirectUris: [url],
  };
  const [client, another] = picture.clients.filter((one) => one.name === name);
  if (another !== undefined) return severalOf(thing);
  if (client === undefined) {
    const told = [`authorization code with PKCE, back to ${url}, scope conversations:readonly`];
    return {
      thing,
      does: "create",
      told,
      deeds: [{ kind: "createClient", key: "panel", content }],
    };
  }
  const unusable = unusableClient(thing, client, content);
  if (unusable !== undefined) return unusable;
  const told = [
    ...(client.redirectUris.includes(url) ? [] : [`comes back to ${url}, too`]),
    ...(client.scopes.includes("conversations:readonly")
      ? []
      : ["gets the scope conversations:readonly"]),
    ...(client.state === "active" ? [] : [`is ${client.state}, becomes active`]),
  ];
  if (told.length === 0) return left(thing, `id ${client.id}`);
  return {
    thing,
    does: "change",
    told,
    deeds: [
      {
        kind: "updateClient",
        id: client.id,
        content: {
          ...kept(content, client),
          scopes: [...new Set([...client.scopes, ...content.scopes])],
          redirectUris: [...new Set([...client.redirectUris, url])],
        },
      },
    ],
  };
}

/** [pure] The name that the panel's client and widget have. */
export function panelName({ name }: DesiredState): string {
  return `${name} panel`;
}

/** "Client App SDK", "Installing an app": less would break the panel's login or its script. */
const SANDBOX = "allow-forms,allow-popups,allow-same-origin,allow-scripts";

/** [pure] The interaction widget that shows the panel. */
export function planWidget(
  picture: CurrentState,
  wish: DesiredState,
  panel: DesiredPanel,
  made: CreatedIds,
): Step {
  const name = panelName(wish);
  const existing = picture.integrations.find(
    (one) => one.type === WIDGET_TYPE && one.name === name,
  );
  return planIntegration(picture, made, existing, {
    type: WIDGET_TYPE,
    name,
    told: [
      `shows ${panel.url}`,
      panel.groups.length === 0
        ? "no group is named with --panel-group: choose in the widget who sees it"
        : `is seen by the groups ${panel.groups.join(", ")}`,
    ],
    properties: ({ clientIds }, before) => ({
      ...before,
      url: widgetUrl(panel, clientIds.panel ?? ""),
      sandbox: SANDBOX,
      groups: panel.groups.length > 0 ? [...panel.groups] : (before.groups ?? []),
    }),
    credential: undefined,
  });
}

/** [pure] The page's address, whose placeholders Genesys Cloud fills in (`docs/how-to/panel.md`). */
function widgetUrl({ url, attributePrefix }: DesiredPanel, clientId: string): string {
  const filled = [
    ...["gcHostOrigin", "gcTargetEnv", "gcConversationId", "pcLangTag", "pcUsePopupAuth"],
  ].map((placeholder) => `${placeholder}={{${placeholder}}}`);
  const prefix = attributePrefix === "oracle_" ? [] : [`prefix=${attributePrefix}`];
  return `${url}?${[...filled, `clientId=${clientId}`, ...prefix].join("&")}`;
}
