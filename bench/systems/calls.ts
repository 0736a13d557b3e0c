import axios, { type AxiosInstance } from "axios";

/** What a tutorial writes: the same requests as Ringahead's, one after the other, and nothing else. */
export interface Calls {
  enrich(body: string): Promise<void>;
}

const { env } = process;

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
  return {
    async enrich(body) {
      const { eventBody } = JSON.parse(body).detail;
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
      await genesys.patch(
        `/api/v2/conversations/${conversationId}/participants/${participantId}/attributes`,
        {
          attributes: {
            oracle_status: "found",
            oracle_customer_id: customerId,
            oracle_open_cases: String(cases.data.items.length),
          },
        },
      );
    },
  };
}
