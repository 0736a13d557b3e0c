import { z } from "zod";
import { isPhoneRegion } from "../../domain/identity/phone.ts";
import { isRedisUrl, nonEmpty, wholeNumber, yesOrNo } from "../../domain/variable/rules.ts";
import { optional, preset, type VariableTable } from "../../domain/variable/variable.ts";

/** How a process runs. */
export const workerVariables = {
  DEFAULT_PHONE_REGION: preset(
    "Country of numbers that have no country code, as in `US`",
    z
      .string()
      .refine(isPhoneRegion, "must be the two capital letters of a country with telephones"),
    "US",
  ),
  REDIS_URL: optional(
    "Redis or Valkey for what several workers share: budgets, conversations and histories. `rediss://` for TLS, with user and password if they are needed. Without it: one worker",
    z.string().refine(isRedisUrl, "must be a redis:// or rediss:// URL with a host"),
    true,
  ),
  REDIS_CLUSTER: preset(
    "Whether `REDIS_URL` is the address of a cluster; ElastiCache Serverless always is one",
    yesOrNo,
    "false",
  ),
  SCRUB_AFTER_MINUTES: optional(
    "How many minutes after the customer has left the attributes about a person are emptied. It costs one request to Genesys for each conversation, from spare budget. Without it the attributes stay",
    wholeNumber(0, 600),
  ),
  SHADOW: preset("Do everything except the write to Genesys, and log the write", yesOrNo, "false"),
  SHADOW_SAMPLE_FILE: optional(
    "With `SHADOW`: a file in which the worker keeps up to 500 numbers that were not found, are ambiguous or were found by national digits alone, for `ringahead report --try-spellings`. It is personal data: delete it after use (`docs/how-to/measure-matches.md`)",
    nonEmpty,
  ),
  HTTP_PORT: optional(
    "Port for `/livez`, `/readyz` and `/metrics`, on all interfaces. Without it the worker has no server, and `ringahead serve` uses 8080",
    wholeNumber(0, 65_535),
  ),
} satisfies VariableTable;
