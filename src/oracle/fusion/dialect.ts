import { commonOptions, type Dialect, type ValuesOf } from "../dialect/descriptor.ts";
import { createFusionSource } from "./fusion.ts";
import { checkPhoneAttributes } from "./phone-attributes.ts";
import { isAttributeName } from "./row-match.ts";
import { fusionVariables } from "./variables.ts";

/** The number of the party, which users see. Numbers of service requests are looked up besides. */
const REFERENCE_FIELDS = ["PartyNumber"];

/** Oracle Fusion Service. */
export const fusion = {
  notes: {
    api: "Fusion Service",
    customerField: "an attribute",
    referenceField: "another queryable attribute of the contact",
  },
  variables: fusionVariables,
  signIn: {
    tokenPath: "/oauth2/v1/token",
    tokenAtBaseUrl: false,
    password: true,
    scope: undefined,
  },
  concurrency: 16,
  requestsPerLookup: 2,
  // With eight telephone attributes; with fewer of them, more fit.
  formsPerLookup: 24,
  customerField: { isValid: isAttributeName, example: "Tier_c" },
  referenceField: { isValid: isAttributeName, preset: REFERENCE_FIELDS },
  createSource: (settings, deps) =>
    createFusionSource(
      {
        ...commonOptions(settings, REFERENCE_FIELDS),
        phoneAttributes: settings.ORACLE_PHONE_ATTRIBUTES,
        accountPhoneAttributes: settings.ORACLE_ACCOUNT_PHONE_ATTRIBUTES,
        closedStatuses: settings.ORACLE_CLOSED_STATUSES,
      },
      deps,
    ),
  checkSite: (settings, send, call) =>
    checkPhoneAttributes(settings.ORACLE_PHONE_ATTRIBUTES, send, call),
} satisfies Dialect<ValuesOf<typeof fusionVariables>>;
