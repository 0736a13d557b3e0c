import { keepSettings, severalClients, unusableClient } from "./client.ts";
import type { CurrentState } from "./current-state.ts";
import type { DesiredPanel, DesiredState } from "./desired-state.ts";
import { planIntegration } from "./integration.ts";
import { type ClientContent, type CreatedIds, type Step, TOKEN_LIFE_S, unchanged } from "./step.ts";

export const WIDGET_TYPE = "embedded-client-app-interaction-widget";

/** [pure] The OAuth client that agents sign in with: no secret, no role, one scope. */
export function planPanelClient(current: CurrentState, desired: DesiredState, url: string): Step {
  const name = panelName(desired);
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
  const [client, another] = current.clients.filter((one) => one.name === name);
  if (another !== undefined) return severalClients(thing);
  if (client === undefined) {
    return {
      thing,
      action: "create",
      details: [`authorization code with PKCE, redirect URI ${url}, scope conversations:readonly`],
      changes: [{ kind: "createClient", key: "panel", content }],
    };
  }
  const unusable = unusableClient(thing, client, content);
  if (unusable !== undefined) return unusable;
  const details = [
    ...(client.redirectUris.includes(url) ? [] : [`gets the redirect URI ${url}`]),
    ...(client.scopes.includes("conversations:readonly")
      ? []
      : ["gets the scope conversations:readonly"]),
    ...(client.state === "active" ? [] : [`is ${client.state}, becomes active`]),
  ];
  if (details.length === 0) return unchanged(thing, `id ${client.id}`);
  return {
    thing,
    action: "change",
    details,
    changes: [
      {
        kind: "updateClient",
        id: client.id,
        content: {
          ...keepSettings(content, client),
          scopes: [...new Set([...client.scopes, ...content.scopes])],
          redirectUris: [...new Set([...client.redirectUris, url])],
        },
      },
    ],
  };
}

/** [pure] The name of the panel's client and of its widget. */
export function panelName({ name }: DesiredState): string {
  return `${name} panel`;
}

/** "Client App SDK", "Installing an app": the panel's login and script need all of these. */
const SANDBOX = "allow-forms,allow-popups,allow-same-origin,allow-scripts";

/** [pure] The interaction widget that shows the panel. */
export function planWidget(
  current: CurrentState,
  desired: DesiredState,
  panel: DesiredPanel,
  ids: CreatedIds,
): Step {
  const name = panelName(desired);
  const existing = current.integrations.find(
    (one) => one.type === WIDGET_TYPE && one.name === name,
  );
  return planIntegration(current, ids, existing, {
    type: WIDGET_TYPE,
    name,
    details: [
      `shows ${panel.url}`,
      panel.groups.length === 0
        ? "no --panel-group: choose the groups that see it in the widget's settings"
        : `is visible to the groups ${panel.groups.join(", ")}`,
    ],
    properties: ({ clientIds }, existingProperties) => ({
      ...existingProperties,
      url: widgetUrl(panel, clientIds.panel ?? ""),
      sandbox: SANDBOX,
      groups: panel.groups.length > 0 ? [...panel.groups] : (existingProperties.groups ?? []),
    }),
    credential: undefined,
  });
}

/** [pure] The page's address. Genesys Cloud replaces the placeholders (`docs/how-to/panel.md`). */
function widgetUrl({ url, attributePrefix }: DesiredPanel, clientId: string): string {
  const parameters = [
    ...["gcHostOrigin", "gcTargetEnv", "gcConversationId", "pcLangTag", "pcUsePopupAuth"],
  ].map((placeholder) => `${placeholder}={{${placeholder}}}`);
  const prefix = attributePrefix === "oracle_" ? [] : [`prefix=${attributePrefix}`];
  return `${url}?${[...parameters, `clientId=${clientId}`, ...prefix].join("&")}`;
}
