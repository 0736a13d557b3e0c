import { commonOptions, type Dialect } from "../dialect/descriptor.ts";
import { createGatewaySource } from "./gateway.ts";
import { isFieldName } from "./search-fields.ts";

const REFERENCE_FIELDS = ["customerId", "caseNumber"];

/** A facade in front of Oracle, with its own token endpoint. */
export const gateway = {
  notes: { api: "a facade", scope: "the three `oracle.service.cloud.….read`" },
  variables: {},
  signIn: {
    tokenPath: "/oauth/token",
    tokenAtBaseUrl: true,
    password: false,
    scope:
      "oracle.service.cloud.customer.read oracle.service.cloud.case.read oracle.service.cloud.history.read",
  },
  concurrency: 16,
  requestsPerLookup: 2,
  // E.164 in the first search, the others in the second one.
  formsPerLookup: 31,
  customerField: { isValid: isFieldName, example: "loyaltyTier" },
  referenceField: { isValid: isFieldName, preset: REFERENCE_FIELDS },
  createSource: (settings, deps) =>
    createGatewaySource(commonOptions(settings, REFERENCE_FIELDS), deps),
} satisfies Dialect<unknown>;
