import axios, { type AxiosResponse } from "axios";
import { onTestFinished } from "vitest";
import {
  type GenesysOptions,
  startGenesys,
} from "../../src/sandbox/simulators/genesys-cloud/server.ts";

export const CLIENT = { clientId: "client-1", clientSecret: "s3:cret" };

/** One request, as `ask("POST", "/oauth/clients", body)`: the path is without `/api/v2`. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<AxiosResponse>;

/** A simulated org with an administrator, and an HTTP client for its API. */
export async function startOrg(options: Partial<GenesysOptions> = {}) {
  const genesys = await startGenesys({ ...CLIENT, ...options });
  onTestFinished(() => genesys.close());
  const http = axios.create({ baseURL: genesys.url, validateStatus: () => true, maxRedirects: 0 });

  const asking =
    (token: string): Ask =>
    (method, path, data = "") => {
      // Genesys' SDK sends the content type even without a body.
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      return http.request({ method, url: `/api/v2${path}`, data, headers });
    };

  /** Requests a token with the client's own credentials. */
  const tokenOf = (clientId: string, secret = "") => {
    const auth = { username: clientId, password: secret };
    return http.post("/oauth/token", "grant_type=client_credentials", { auth });
  };

  const { org } = genesys;
  const admin = org.addUser({ name: "Ada Admin" });
  return { genesys, org, http, admin, asking, tokenOf, ask: asking(admin.token) };
}
