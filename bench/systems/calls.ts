import axios, { type AxiosInstance } from "axios";
import Bottleneck from "bottleneck";

/** What a tutorial writes: the same requests as Ringahead's, one after the other, and nothing else. */
interface Calls {
  enrich(body: string): Promise<void>;
}

/** Plain limiters for Genesys' budget, as Bottleneck's own documentation writes them. */
const limiters = {
  paced: { minTime: 202 },
  reservoir: {
    reservoir: 300,
    reservoirRefreshAmount: 300,
    reservoirRefreshInterval: 60_000,
  },
} as const satisfies Record<string, Bottleneck.ConstructorOptions>;
export type PlainLimiter = keyof typeof limiters;

const { env } = process;

function limited<T>(): (job: () => Promise<T>) => Promise<T> {
  const { PLAIN_LIMITER: name } = env;
  if (name !== "paced" && name !== "reservoir") return (job) => job();
  const limiter = new Bottleneck(limiters[name]);
  return (job) => limiter.schedule(job);
}

async function login(url: string, id = "", secret = ""): Promise<string> {
  const answer = await axios.post(`${url}/oauth/token`, "grant_type=client_credentials", {
    auth: { username: id, password: secret },
  });
  return `Bearer ${answer.data.access_token}`;
}

function withToken(baseURL: string | undefined, authorization: string): AxiosInstance {
  return axios.create({ baseURL: baseURL ?? "", headers: { authorization } });
}

/** Logs in to both, and makes the calls of one conversation. */
export async function createCalls(): Promise<Calls> {
  const { GENESYS_API_URL, GENESYS_LOGIN_URL = "", ORACLE_BASE_URL = "" } = env;
  const genesys = withToken(
    GENESYS_API_URL,
    await login(GENESYS_LOGIN_URL, env.GENESYS_CLIENT_ID, env.GENESYS_CLIENT_SECRET),
  );
  const oracle = withToken(
    ORACLE_BASE_URL,
    await login(ORACLE_BASE_URL, env.ORACLE_CLIENT_ID, env.ORACLE_CLIENT_SECRET),
  );
  const whenAllowed = limited();
  return {
    async enrich(body) {
      const { topicName, eventBody } = JSON.parse(body).detail;
      // The queue also brings confirmations of what was written, which are Ringahead's.
      if (!topicName.endsWith("customer.start")) return;
      const phone = String(eventBody.ani).replace("tel:", "");
      const found = await oracle.post("/api/rest/v1/customers/search", {
        searchFields: [{ field: "phone", value: phone }],
        limit: 2,
        fields: ["customerId", "firstName", "lastName", "accountName"],
      });
      const { customerId } = found.data.items[0];
      const cases = await oracle.get("/api/rest/v1/cases", {
        params: {
          customerId,
          status: "open,active",
          fields: "caseNumber,subject,status,lastUpdateDate",
          limit: 5,
          offset: 0,
        },
      });
      const { conversationId, participantId } = eventBody;
      const path = `/api/v2/conversations/${conversationId}/participants/${participantId}/attributes`;
      const attributes = {
        oracle_status: "found",
        oracle_customer_id: customerId,
        oracle_open_cases: String(cases.data.items.length),
      };
      await whenAllowed(() => genesys.patch(path, { attributes }));
    },
  };
}
