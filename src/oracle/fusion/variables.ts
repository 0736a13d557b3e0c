import { z } from "zod";
import { commaList } from "../../domain/variable/rules.ts";
import { preset, type Variable } from "../../domain/variable/variable.ts";
import { isAttributeName } from "./row-match.ts";

/** The environment variables that only the `fusion` dialect reads. */
export const fusionVariables = {
  ORACLE_PHONE_ATTRIBUTES: preset(
    "`fusion`: attributes of a contact that hold telephone numbers; each must be queryable in `contacts/describe`",
    commaList(
      z.string().refine(isAttributeName),
      "must be names of attributes, separated by commas, 8 at most",
      8,
    ).refine((names) => names.length > 0, "must name at least one attribute"),
    "RawMobileNumber,RawWorkPhoneNumber,RawHomePhoneNumber",
  ),
  ORACLE_ACCOUNT_PHONE_ATTRIBUTES: preset(
    "`fusion`: attributes of an account that hold telephone numbers; each must be queryable in `accounts/describe`. If no contact has the number, one further request looks for the account. Without it: none",
    commaList(
      z.string().refine(isAttributeName),
      "must be names of attributes, separated by commas, 4 at most",
      4,
    ),
    "",
  ),
  ORACLE_CLOSED_STATUSES: preset(
    "`fusion`: codes of `StatusTypeCd` or `StatusCd` that mean closed. A service request with a `ClosedDate` is closed, too; any other is open",
    commaList(
      z.string().regex(/^\w{1,60}$/),
      "must be status codes, separated by commas",
    ).transform((codes): ReadonlySet<string> => new Set(codes)),
    "ORA_SVC_RESOLVED,ORA_SVC_CLOSED",
  ),
} satisfies Record<string, Variable>;
