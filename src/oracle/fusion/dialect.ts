import { commonOptions, type Dialect, needsNames, type ValuesOf } from "../dialect/descriptor.ts";
import { createFusionSource } from "./fusion.ts";
import { checkPhoneAttributes } from "./phone-attributes.ts";
import { isAttributeName } from "./row-match.ts";
import { fusionVariables } from "./variables.ts";

/** Oracle Fusion Service. */
export const fusion = {
  notes: { api: "Fusion Service", customerField: "an attribute" },
  variables: fusionVariables,
  signIn: {
    tokenPath: "/oauth2/v1/token",
    tokenAtBaseUrl: false,
    password: true,
    scope: undefined,
  },
  concurrency: 16,
  requestsPerLookup: 2,
  formsPerLookup: 12,
  customerField: { isValid: isAttributeName, example: "Tier_c" },
  createSource: (settings, deps) =>
    createFusionSource(
      {
        ...commonOptions(settings),
        names: needsNames(settings),
        phoneAttributes: settings.ORACLE_PHONE_ATTRIBUTES,
        closedStatuses: settings.ORACLE_CLOSED_STATUSES,
      },
      deps,
    ),
  checkSite: (settings, send, call) =>
    checkPhoneAttributes(settings.ORACLE_PHONE_ATTRIBUTES, send, call),
} satisfies Dialect<ValuesOf<typeof fusionVariables>>;
