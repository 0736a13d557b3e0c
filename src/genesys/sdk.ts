import { AsyncLocalStorage } from "node:async_hooks";
import platformClient from "purecloud-platform-client-v2";
import type { Call } from "../domain/call.ts";
import type { HttpAnswer, HttpRequest } from "../resilience/http/client.ts";
import type { Send } from "../resilience/sign-in/authorized.ts";

type ApiClient = typeof platformClient.ApiClient;
type HttpClient = ReturnType<ApiClient["getHttpClient"]>;
type SdkRequest = Parameters<HttpClient["request"]>[0];

/** The classes that the SDK exports at run time but leaves out of its type declarations. */
interface UndeclaredClasses {
  readonly ApiClientClass: new () => ApiClient;
  readonly AbstractHttpClient: new () => HttpClient;
}
const { ApiClientClass, AbstractHttpClient } = platformClient as unknown as UndeclaredClasses;

/** The SDK on our transport. */
export interface GenesysSdk {
  readonly conversations: InstanceType<typeof platformClient.ConversationsApi>;
  readonly externalContacts: InstanceType<typeof platformClient.ExternalContactsApi>;
  readonly integrations: InstanceType<typeof platformClient.IntegrationsApi>;
  readonly authorization: InstanceType<typeof platformClient.AuthorizationApi>;
  readonly oauth: InstanceType<typeof platformClient.OAuthApi>;
  readonly notifications: InstanceType<typeof platformClient.NotificationsApi>;
  readonly organization: InstanceType<typeof platformClient.OrganizationApi>;
  readonly users: InstanceType<typeof platformClient.UsersApi>;
  /**
   * Runs one method of the SDK for a call and returns the answer, whatever its status.
   * @throws {Failure} from the transport. The SDK itself throws nothing.
   */
  ask(call: Call, method: () => Promise<unknown>): Promise<HttpAnswer>;
}

/**
 * The official SDK builds the requests, our transport sends them. The SDK itself has no retry, no abort
 * signal and no renewal of client credentials, and its errors hold the bearer token. With this transport
 * none of its errors can occur: the transport resolves with any status and adds the token below the SDK.
 * The client is a separate instance, not the SDK's singleton, and watches no file.
 */
export function createGenesysSdk(apiUrl: string, send: Send): GenesysSdk {
  const calls = new AsyncLocalStorage<{ call: Call; answer?: HttpAnswer }>();
  const basePath = apiUrl.replace(/\/+$/, "");

  class Transport extends AbstractHttpClient {
    override async request(request: SdkRequest): Promise<unknown> {
      const running = calls.getStore();
      if (running === undefined) throw new TypeError("the Genesys SDK is used outside of ask()");
      const answer = await send(toHttpRequest(request, basePath), running.call);
      running.answer = answer;
      return { status: answer.status, headers: answer.headers, data: answer.text };
    }
    override enableHooks(): void {}
  }

  platformClient.ApiClient.config.live_reload_config = false;
  const client = new ApiClientClass();
  client.config.live_reload_config = false;
  client.config.setConfigPath("");
  client.config.basePath = basePath;
  // Its logger formats the headers twice in every call, even if nothing is logged.
  Object.assign(client.config.logger, { log: () => undefined });
  client.setReturnExtendedResponses(true);
  client.setHttpClient(new Transport());

  return {
    conversations: new platformClient.ConversationsApi(client),
    externalContacts: new platformClient.ExternalContactsApi(client),
    integrations: new platformClient.IntegrationsApi(client),
    authorization: new platformClient.AuthorizationApi(client),
    oauth: new platformClient.OAuthApi(client),
    notifications: new platformClient.NotificationsApi(client),
    organization: new platformClient.OrganizationApi(client),
    users: new platformClient.UsersApi(client),
    async ask(call, method) {
      const running: { call: Call; answer?: HttpAnswer } = { call };
      await calls.run(running, method);
      if (running.answer === undefined) throw new TypeError("the Genesys SDK sent no request");
      return running.answer;
    },
  };
}

function toHttpRequest(request: SdkRequest, basePath: string): HttpRequest {
  const path = request.url.slice(basePath.length);
  const query = new URLSearchParams(request.params).toString();
  return {
    method: request.method as HttpRequest["method"],
    path: query === "" ? path : `${path}?${query}`,
    headers: { ...request.headers },
    ...(request.data === undefined ? {} : { body: JSON.stringify(request.data) }),
  };
}
