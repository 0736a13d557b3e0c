import type { ValuesOf } from "../domain/variable/variable.ts";
import type { Login } from "../resilience/sign-in/sign-in.ts";
import { type CheckedValues, definePart } from "./part.ts";
import { regionHosts } from "./regions.ts";
import { type Sources, secretOf } from "./sources.ts";
import { genesysOriginVariables, genesysVariables } from "./variables/genesys.ts";

type OriginValues = ValuesOf<typeof genesysOriginVariables>;
type GenesysValues = ValuesOf<typeof genesysVariables>;

/** Where Genesys Cloud is. */
export interface GenesysOrigins {
  readonly GENESYS_API_URL: string;
  readonly GENESYS_LOGIN_URL: string;
}

/** The part that a command needs to send requests to Genesys. */
export type GenesysConfig = Omit<GenesysValues, keyof OriginValues> &
  GenesysOrigins & { readonly genesysLogin: Login };

/** Genesys Cloud without a client. */
export const genesysOriginPart = definePart({
  variables: genesysOriginVariables,
  conflicts: regionConflicts,
  build: originsOf,
});

export const genesysPart = definePart({
  variables: genesysVariables,
  conflicts: (values) => [...regionConflicts(values), ...budgetConflicts(values)],
  build(values, sources): GenesysConfig {
    const { GENESYS_REGION: _region, ...others } = values;
    const origins = originsOf(values);
    return { ...others, ...origins, genesysLogin: genesysLogin(values, origins, sources) };
  },
});

function originsOf(values: OriginValues): GenesysOrigins {
  const host = hostOf(values.GENESYS_REGION ?? "");
  return {
    GENESYS_API_URL: values.GENESYS_API_URL ?? `https://api.${host}`,
    GENESYS_LOGIN_URL: values.GENESYS_LOGIN_URL ?? `https://login.${host}`,
  };
}

/** Client credentials with a client secret; Genesys Cloud has no other way for a service. */
function genesysLogin(
  values: Pick<GenesysValues, "GENESYS_CLIENT_ID" | "GENESYS_CLIENT_SECRET">,
  { GENESYS_LOGIN_URL: origin }: GenesysOrigins,
  sources: Sources,
): Login {
  const { GENESYS_CLIENT_ID: clientId, GENESYS_CLIENT_SECRET: value } = values;
  const secret = secretOf(sources, "GENESYS_CLIENT_SECRET", value);
  const client = { clientId, proof: { by: "secret", secret } } as const;
  return { by: "token", origin, path: "/oauth/token", client };
}

function regionConflicts(values: CheckedValues<typeof genesysOriginVariables>): string[] {
  const { GENESYS_REGION: region, GENESYS_API_URL: api, GENESYS_LOGIN_URL: login } = values;
  if (region === undefined) {
    return api === undefined || login === undefined
      ? [
          `GENESYS_REGION is required unless GENESYS_API_URL and GENESYS_LOGIN_URL are both set (${genesysVariables.GENESYS_REGION.meaning})`,
        ]
      : [];
  }
  return hostOf(region) === undefined
    ? [
        `GENESYS_REGION must be one of ${Object.keys(regionHosts).join(", ")}, or a host with a dot, is ${JSON.stringify(region)}`,
      ]
    : [];
}

function budgetConflicts(values: CheckedValues<typeof genesysVariables>): string[] {
  const { GENESYS_REQUESTS_PER_MINUTE: budget, GENESYS_RESERVED_REQUESTS: reserve } = values;
  return reserve !== undefined && budget !== undefined && reserve >= budget
    ? [
        `GENESYS_RESERVED_REQUESTS must be less than GENESYS_REQUESTS_PER_MINUTE (${budget}), is ${reserve}`,
      ]
    : [];
}

function hostOf(region: string): string | undefined {
  return regionHosts[region] ?? (region.includes(".") ? region : undefined);
}
