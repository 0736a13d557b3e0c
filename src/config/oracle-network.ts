import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Network } from "../resilience/http/network.ts";

/** The variables of the network path to Oracle, each with a valid value. */
export interface NetworkValues {
  readonly ORACLE_PROXY_URL: string | undefined;
  readonly ORACLE_CA_FILE: string | undefined;
  readonly ORACLE_CLIENT_CERT_FILE: string | undefined;
  readonly ORACLE_CLIENT_KEY_FILE: string | undefined;
}

/**
 * [pure] Conflicts between these variables. A value that is wrong is undefined.
 * @param isSet whether a variable is set, be its value right or wrong
 */
export function networkConflicts(
  values: NetworkValues,
  isSet: (name: keyof NetworkValues) => boolean,
): string[] {
  const { ORACLE_CLIENT_CERT_FILE: cert, ORACLE_CLIENT_KEY_FILE: key } = values;
  const [hasCert, hasKey] = [isSet("ORACLE_CLIENT_CERT_FILE"), isSet("ORACLE_CLIENT_KEY_FILE")];
  if (hasCert !== hasKey) {
    const [missing, set] = hasCert ? ["KEY", "CERT"] : ["CERT", "KEY"];
    return [`ORACLE_CLIENT_${missing}_FILE is required with ORACLE_CLIENT_${set}_FILE`];
  }
  if (cert === undefined || key === undefined || isKeyOf(cert, key)) return [];
  return [
    "ORACLE_CLIENT_KEY_FILE must be the key of the first certificate in ORACLE_CLIENT_CERT_FILE: the two do not belong together",
  ];
}

function isKeyOf(cert: string, key: string): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

/** [pure] The network path to Oracle. @param values without {@link networkConflicts} */
export function oracleNetwork(values: NetworkValues): Network {
  const { ORACLE_CLIENT_CERT_FILE: cert, ORACLE_CLIENT_KEY_FILE: key } = values;
  return {
    proxyUrl: values.ORACLE_PROXY_URL,
    ca: values.ORACLE_CA_FILE,
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
  };
}
