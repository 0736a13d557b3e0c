import { z } from "zod";
import { httpUrl, nonEmpty, wholeNumber } from "../../domain/variable/rules.ts";
import { optional, preset, required, type VariableTable } from "../../domain/variable/variable.ts";

/** Where Genesys Cloud is. */
export const genesysOriginVariables = {
  GENESYS_REGION: optional(
    "Genesys Cloud's region: an AWS region's name (`us-east-1`) or a host (`mypurecloud.com`). Required unless both URLs below are set",
    z.string().regex(/^[a-z0-9.-]+$/, "must be an AWS region's name or a host"),
  ),
  GENESYS_API_URL: optional("Origin of the Platform API, if it is not the region's", httpUrl),
  GENESYS_LOGIN_URL: optional("Origin of the login service, if it is not the region's", httpUrl),
} satisfies VariableTable;

export const genesysVariables = {
  ...genesysOriginVariables,
  GENESYS_CLIENT_ID: required("OAuth client (client credentials). One for all workers", nonEmpty),
  GENESYS_CLIENT_SECRET: required("Secret of that client", nonEmpty, true),
  GENESYS_REQUESTS_PER_MINUTE: preset(
    "Requests that this client may make in any 60 s. Genesys Cloud's own limit for a token is 300",
    wholeNumber(1, 100_000),
    "300",
  ),
  GENESYS_RESERVED_REQUESTS: preset(
    "How many of them are reserved for first attempts. Must be less than `GENESYS_REQUESTS_PER_MINUTE`",
    wholeNumber(0, 10_000),
    "10",
  ),
  GENESYS_TIMEOUT_MS: preset(
    "Total time for one request to Genesys",
    wholeNumber(10, 120_000),
    "10000",
  ),
} satisfies VariableTable;
