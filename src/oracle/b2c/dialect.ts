import { commonOptions, type Dialect, type ValuesOf } from "../dialect/descriptor.ts";
import { createB2cSource } from "./b2c.ts";
import { isReferenceField } from "./reference.ts";
import { isCustomField } from "./roql.ts";
import { b2cVariables } from "./variables.ts";

/** The id of the contact. References of incidents are known by their form. */
const REFERENCE_FIELDS = ["ID"];

/** Oracle B2C Service. */
export const b2c = {
  notes: {
    api: "B2C Service",
    customerField: "`CustomFields.c.tier` of the contact",
    referenceField: "`CustomFields.c.account_no` of the contact",
  },
  variables: b2cVariables,
  signIn: {
    tokenPath: "/oauth2/v1/token",
    tokenAtBaseUrl: false,
    password: true,
    scope: undefined,
  },
  // B2C Service limits how many requests hold a database connection at the same time.
  concurrency: 4,
  requestsPerLookup: 1,
  // Only digits are compared: all forms of a number have at most twenty different ones.
  formsPerLookup: 100,
  customerField: { isValid: isCustomField, example: "CustomFields.c.tier" },
  referenceField: { isValid: isReferenceField, preset: REFERENCE_FIELDS },
  createSource: (settings, deps) =>
    createB2cSource(
      {
        ...commonOptions(settings, REFERENCE_FIELDS),
        phonePrefixes: settings.ORACLE_PHONE_PREFIXES,
        customFields: settings.ORACLE_CUSTOM_FIELDS,
        acceptLanguage: settings.ORACLE_ACCEPT_LANGUAGE,
      },
      deps,
    ),
} satisfies Dialect<ValuesOf<typeof b2cVariables>>;
