import { startOracleB2c } from "./b2c/b2c.ts";
import { startOracleFusion } from "./fusion/fusion.ts";
import { startOracleGateway } from "./gateway/gateway.ts";
import type { OracleSimulator, OracleSimulatorOptions } from "./site/simulator.ts";

/** How one dialect is simulated, and how the worker is told of it. */
interface SandboxOracle {
  readonly start: (options: OracleSimulatorOptions) => Promise<OracleSimulator>;
  /** What the worker needs beside `ORACLE_DIALECT`, `ORACLE_BASE_URL` and the client. */
  readonly environment: (oracle: OracleSimulator) => Readonly<Record<string, string>>;
}

/** A site's pool of database connections for inbound requests: what Ringahead takes at most. */
const B2C_POOL = 4;

const atIdentityDomain: SandboxOracle["environment"] = ({ url }) => ({
  ORACLE_TOKEN_URL: `${url}/oauth2/v1/token`,
});

/** Every dialect that the sandbox can speak: `ringahead sandbox --dialect <name>`. */
export const sandboxOracles = {
  gateway: { start: startOracleGateway, environment: () => ({}) },
  b2c: {
    start: (options) => startOracleB2c({ maxConcurrent: B2C_POOL, ...options }),
    environment: atIdentityDomain,
  },
  fusion: { start: startOracleFusion, environment: atIdentityDomain },
} satisfies Readonly<Record<string, SandboxOracle>>;

export type SandboxDialect = keyof typeof sandboxOracles;
