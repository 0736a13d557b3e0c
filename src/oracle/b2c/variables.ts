import { z } from "zod";
import { commaList } from "../../domain/variable/rules.ts";
import { optional, preset, type Variable } from "../../domain/variable/variable.ts";
import { isCustomField, isPhonePrefix } from "./roql.ts";

/** The environment variables that only the `b2c` dialect reads. */
export const b2cVariables = {
  ORACLE_PHONE_PREFIXES: preset(
    "`b2c`: digits that are typed before a number on this site, beyond its country's own trunk prefix and `00`: `9,011`",
    commaList(
      z.string().refine(isPhonePrefix),
      "must be 1 to 4 digits each, separated by commas, 4 at most",
      4,
    ),
    "",
  ),
  ORACLE_CUSTOM_FIELDS: preset(
    "`b2c`: custom fields of an incident to show after its subject: `CustomFields.c.level`. One that the site does not have is left out, and logged as `oracle.column_refused`",
    commaList(
      z.string().refine(isCustomField),
      "must be CustomFields.<package>.<field>, separated by commas, 8 at most",
      8,
    ),
    "",
  ),
  ORACLE_ACCEPT_LANGUAGE: optional(
    "`b2c`: `Accept-Language` of requests; Oracle refuses one that is not the interface's, so none is sent without it",
    z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a language, as in en-US"),
  ),
} satisfies Record<string, Variable>;
