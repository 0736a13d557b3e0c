import type { ValuesOf } from "../domain/variable/variable.ts";
import { dialectOf } from "../oracle/dialects.ts";
import type { Network } from "../resilience/http/network.ts";
import type { Login } from "../resilience/sign-in/sign-in.ts";
import { loginConflicts, oracleLogin } from "./oracle-login.ts";
import { networkConflicts, oracleNetwork } from "./oracle-network.ts";
import { definePart } from "./part.ts";
import { customerFieldConflicts } from "./variables/customer-fields.ts";
import { oracleVariables } from "./variables/oracle.ts";
import { referenceFieldConflicts } from "./variables/reference-fields.ts";

type OracleValues = ValuesOf<typeof oracleVariables>;

/** Oracle, and what is requested there. */
export type OraclePart = Omit<OracleValues, "ORACLE_TOKEN_URL" | "ORACLE_CONCURRENCY"> & {
  readonly ORACLE_CONCURRENCY: number;
  readonly oracleLogin: Login;
  /** Between here and Oracle, its token endpoint included. */
  readonly oracleNetwork: Network;
};

export const oraclePart = definePart({
  variables: oracleVariables,
  conflicts: (values, isSet) => [
    ...loginConflicts(values.ORACLE_DIALECT, isSet),
    ...networkConflicts(values, isSet),
    ...customerFieldConflicts(values.ORACLE_DIALECT, values.ORACLE_CUSTOMER_FIELDS),
    ...referenceFieldConflicts(values.ORACLE_DIALECT, values.ORACLE_REFERENCE_FIELDS),
  ],
  build(values, sources): OraclePart {
    const { ORACLE_TOKEN_URL: tokenUrl, ...others } = values;
    const { signIn, concurrency } = dialectOf(values.ORACLE_DIALECT);
    const scope = values.ORACLE_SCOPE ?? signIn.scope;
    const token = tokenEndpoint(tokenUrl, values.ORACLE_BASE_URL, signIn.tokenPath);
    return {
      ...others,
      ORACLE_SCOPE: scope,
      ORACLE_CONCURRENCY: values.ORACLE_CONCURRENCY ?? concurrency,
      oracleLogin: oracleLogin({ ...values, ORACLE_SCOPE: scope }, sources, token),
      oracleNetwork: oracleNetwork(values),
    };
  },
});

/** At the path of the dialect, unless a whole URL is set. */
function tokenEndpoint(url: string | undefined, baseUrl: string, tokenPath: string) {
  if (url === undefined) return { origin: baseUrl, path: tokenPath };
  const { origin, pathname } = new URL(url);
  return { origin, path: pathname === "/" ? tokenPath : pathname };
}
