import { commonOptions, type Dialect } from "../dialect/descriptor.ts";
import { createGatewaySource } from "./gateway.ts";

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
  formsPerLookup: 20,
  customerField: {
    isValid: (field) => /^[A-Za-z]\w{0,59}$/.test(field),
    example: "loyaltyTier",
  },
  createSource: (settings, deps) => createGatewaySource(commonOptions(settings), deps),
} satisfies Dialect<unknown>;
