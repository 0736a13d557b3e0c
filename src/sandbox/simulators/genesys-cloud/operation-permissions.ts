import type { FastifyRequest } from "fastify";
import { GENESYS_PATHS } from "./call.ts";
import { GenesysRefusal } from "./error-body.ts";

const V2 = "/api/v2";
const AUTHORIZATION = `${V2}/authorization`;
const CLIENTS = `${V2}/oauth/clients`;
const INTEGRATIONS = `${V2}/integrations`;
const ACTIONS = `${INTEGRATIONS}/actions`;
const ACTION = `${ACTIONS}/:actionId`;
const GRANT = `${AUTHORIZATION}/subjects/:subjectId/divisions/:divisionId/roles/:roleId`;

/**
 * The permissions of each operation, by route. A caller needs any of them; an empty list needs none ("Requires
 * ANY permissions" and "Requires ALL permissions" in the description of each operation).
 */
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  [`PATCH ${GENESYS_PATHS.attributes}`, []],
  [`GET ${GENESYS_PATHS.conversation}`, ["conversation:communication:view"]],
  [`GET ${GENESYS_PATHS.contact}`, ["externalContacts:contact:view"]],

  [`GET ${AUTHORIZATION}/permissions`, []],
  [`GET ${AUTHORIZATION}/divisions/home`, []],
  [`GET ${AUTHORIZATION}/subjects/me`, []],
  [`GET ${AUTHORIZATION}/subjects/:subjectId`, ["authorization:grant:view"]],
  [`POST ${GRANT}`, ["authorization:grant:add"]],
  [`DELETE ${GRANT}`, ["authorization:grant:delete"]],
  [`GET ${AUTHORIZATION}/roles`, ["authorization:role:view"]],
  [`POST ${AUTHORIZATION}/roles`, ["authorization:role:add"]],
  [`GET ${AUTHORIZATION}/roles/:roleId`, ["authorization:role:view"]],
  [`PUT ${AUTHORIZATION}/roles/:roleId`, ["authorization:role:edit"]],

  [`GET ${CLIENTS}`, ["oauth:client:view"]],
  [`POST ${CLIENTS}`, ["oauth:client:add"]],
  [`GET ${CLIENTS}/:clientId`, ["oauth:client:view"]],
  [`PUT ${CLIENTS}/:clientId`, ["oauth:client:edit"]],
  [`POST ${CLIENTS}/:clientId/secret`, ["oauth:client:edit"]],

  [`GET ${V2}/organizations/me`, []],
  [`GET ${V2}/users/me`, []],
  [`GET ${V2}/tokens/me`, []],
  [`GET ${V2}/notifications/availabletopics`, []],

  [`GET ${INTEGRATIONS}`, ["integrations:integration:view"]],
  [`POST ${INTEGRATIONS}`, ["integrations:integration:add"]],
  [`GET ${INTEGRATIONS}/types`, ["integrations:integration:view"]],
  [`GET ${INTEGRATIONS}/types/:typeId`, ["integrations:integration:view"]],
  [
    `GET ${INTEGRATIONS}/types/:typeId/configschemas/:configType`,
    ["integrations:integration:view"],
  ],
  [`GET ${INTEGRATIONS}/credentials`, ["integrations:integration:view"]],
  [`POST ${INTEGRATIONS}/credentials`, ["integrations:integration:add"]],
  [`GET ${INTEGRATIONS}/credentials/:credentialId`, ["integrations:integration:view"]],
  [`PUT ${INTEGRATIONS}/credentials/:credentialId`, ["integrations:integration:edit"]],
  [`GET ${INTEGRATIONS}/:integrationId`, ["integrations:integration:view"]],
  [`PATCH ${INTEGRATIONS}/:integrationId`, ["integrations:integration:edit"]],
  [`GET ${INTEGRATIONS}/:integrationId/config/current`, ["integrations:integration:view"]],
  [`PUT ${INTEGRATIONS}/:integrationId/config/current`, ["integrations:integration:edit"]],

  [`GET ${ACTIONS}`, ["integrations:action:view"]],
  [`GET ${ACTIONS}/drafts`, ["integrations:action:view"]],
  [`POST ${ACTIONS}/drafts`, ["integrations:action:add"]],
  [`GET ${ACTION}`, ["integrations:action:view"]],
  [`GET ${ACTION}/templates/:fileName`, ["integrations:action:view"]],
  [`POST ${ACTION}/draft`, ["integrations:action:edit"]],
  [`GET ${ACTION}/draft`, ["integrations:action:view"]],
  [`PATCH ${ACTION}/draft`, ["integrations:action:edit"]],
  [`GET ${ACTION}/draft/validation`, ["integrations:action:edit"]],
  [`POST ${ACTION}/draft/publish`, ["integrations:action:edit"]],
]);

/** Whether the operation is listed. Every operation must be, even if it needs no permission. */
export function isListed(method: string, route: string): boolean {
  return NEEDED.has(`${method} ${route}`);
}

/** The form of the error: for operations that require any, or all, of their permissions. */
export type MissingForm = "any" | "all";

/**
 * The refusal of a request, or undefined if it is permitted.
 * @param permits whether the caller has a permission
 */
export function permissionRefusal(
  request: FastifyRequest,
  permits: (permission: string) => boolean,
  form: MissingForm,
): GenesysRefusal | undefined {
  const needed = NEEDED.get(`${request.method} ${request.routeOptions.url ?? ""}`) ?? [];
  if (needed.length === 0 || needed.some(permits)) return undefined;
  const unable = "Unable to perform the requested action.";
  const names = needed.join(", ");
  return form === "any"
    ? new GenesysRefusal("missing.any.permissions", {
        message: `${unable} You must have at least one of the following permissions assigned: [${names}]`,
      })
    : new GenesysRefusal("missing.permissions", {
        message: `${unable} You are missing the following permission(s): ${names}`,
      });
}
