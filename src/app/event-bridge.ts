import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SetupConfig } from "../config/load.ts";

type Endpoints = Pick<SetupConfig, "AWS_ENDPOINT_URL_EVENTBRIDGE" | "AWS_ENDPOINT_URL">;

/** An EventBridge client for one region. The caller must destroy it. */
export function openEventBridge(region: string, endpoints: Endpoints): EventBridgeClient {
  const endpoint = endpoints.AWS_ENDPOINT_URL_EVENTBRIDGE ?? endpoints.AWS_ENDPOINT_URL;
  return new EventBridgeClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
}
