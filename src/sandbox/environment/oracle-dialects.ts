import { startOracleB2c } from "../simulators/oracle-cx/b2c/b2c.ts";
import { startOracleFusion } from "../simulators/oracle-cx/fusion/fusion.ts";
import { startOracleGateway } from "../simulators/oracle-cx/gateway/gateway.ts";
import type {
  OracleSimulator,
  OracleSimulatorOptions,
} from "../simulators/oracle-cx/site/simulator.ts";

/** One dialect: its simulator, and how the worker is configured for it. */
interface SandboxOracle {
  readonly start: (options: OracleSimulatorOptions) => Promise<OracleSimulator>;
  /** Variables besides `ORACLE_DIALECT`, `ORACLE_BASE_URL` and the client's. */
  readonly environment: (oracle: OracleSimulator) => Readonly<Record<string, string>>;
}

/** Database connections that a site has for inbound requests. Ringahead uses at most this many. */
const B2C_POOL = 4;

const identityDomain: SandboxOracle["environment"] = ({ url }) => ({
  ORACLE_TOKEN_URL: `${url}/oauth2/v1/token`,
});

/** Dialects by their names in `ringahead sandbox --dialect <name>`. */
export const sandboxOracles = {
  gateway: { start: startOracleGateway, environment: () => ({}) },
  b2c: {
    start: (options) => startOracleB2c({ maxConcurrent: B2C_POOL, ...options }),
    environment: identityDomain,
  },
  fusion: { start: startOracleFusion, environment: identityDomain },
} satisfies Readonly<Record<string, SandboxOracle>>;

export type SandboxDialect = keyof typeof sandboxOracles;
