import type { Models } from "purecloud-platform-client-v2";
import { createCallRecord, type WaitOptions } from "../server/call-record.ts";
import { addExchanges } from "../server/exchange.ts";
import { createFaults, type Faults } from "../server/faults.ts";
import { createIssuedTokens } from "../server/issued-tokens.ts";
import { type LoopbackServer, startLoopback } from "../server/loopback-server.ts";
import type { TimingOptions } from "../server/timing.ts";
import { addTokenEndpoint } from "../server/token-endpoint.ts";
import type { Actions } from "./actions.ts";
import { addAdmission } from "./admission.ts";
import { describeCall, type GenesysCall } from "./call.ts";
import {
  createConversations,
  type SandboxConversation,
  type SimulatedAttributes,
} from "./conversations.ts";
import type { EventBridgeProperties } from "./integrations.ts";
import { type AttributesWritten, addOperations } from "./operations.ts";
import { addOrgOperations, createOrg } from "./org.ts";
import { allowPage, controlsOf, type OrgControls } from "./org-controls.ts";
import type { WindowPolicy } from "./rate-window.ts";
import { type CallCounts, createTally, type PatchCount } from "./tally.ts";
import { refuseToken } from "./token-refusal.ts";
import { addCrossOrigin, addUserLogin } from "./user-login.ts";
import { type Organization, SANDBOX_ORGANIZATION } from "./whoami.ts";

/** An external contact in the form of the Platform API. */
type SandboxContact = Models.ExternalContact & { readonly id: string };

export interface GenesysOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Tokens live for 86,400 s by default. */
  readonly timing?: TimingOptions;
  readonly rateLimit?: RateLimitOptions;
  readonly events?: GenesysEvents;
  /** Default: the sandbox's own. */
  readonly organization?: Organization;
  /** The answer to a PATCH to a conversation that was never added. Default: `refuse` (404). */
  readonly unknownConversations?: "refuse" | "accept";
}

interface RateLimitOptions {
  /** Requests per minute and token. Default: 300. */
  readonly limit?: number;
  /** Default: `fixed`. */
  readonly policy?: WindowPolicy;
}

/** Callbacks for events that Genesys Cloud sends. */
interface GenesysEvents {
  /** Called once for each accepted PATCH, after its answer was sent. */
  readonly onAttributes?: (written: AttributesWritten) => void;
  /** Called if an EventBridge integration is enabled or moved. An event source of this name must appear. */
  readonly onEventSource?: (name: string, config: EventBridgeProperties) => void;
}

/** A simulated Genesys Cloud Platform API, with its controls. */
export interface GenesysSimulator extends LoopbackServer {
  readonly faults: Faults;
  /** The latest calls, oldest first. */
  readonly calls: readonly GenesysCall[];
  /** Number of requests by kind, whatever the answer. */
  readonly counts: CallCounts;
  /** Number of requests that the rate limit refused. */
  readonly throttled: number;
  /** PATCH requests of a conversation. */
  patchesOf(conversationId: string): PatchCount;
  attributesOf(conversationId: string, participantId: string): SimulatedAttributes | undefined;
  addConversation(conversation: SandboxConversation): void;
  /** A participant leaves: sets its `endTime`. */
  endParticipant(conversationId: string, participantId: string): void;
  /** Ends a conversation: sets its `endTime`. */
  endConversation(conversationId: string): void;
  addContact(contact: SandboxContact): void;
  /** Registers a page that agents sign in to. @returns its client id */
  allowPage(redirectUri: string): string;
  revokeTokens(): void;
  setLimit(limit: number): void;
  /** Data actions, and integrations for them. */
  readonly actions: Actions;
  /** Reads and changes the org. */
  readonly org: OrgControls;
  /** Resolves with the first matching calls, past or future. */
  waitFor(
    matches: (call: GenesysCall) => boolean,
    options?: WaitOptions,
  ): Promise<readonly GenesysCall[]>;
  /** Resolves with the first (or `count`th) PATCH that wrote to a conversation, past or future. */
  nextPatch(conversationId: string, options?: WaitOptions): Promise<GenesysCall>;
}

/** A client without a secret. */
const PAGE_CLIENT_ID = "ringahead-panel";
/** "Platform API limits": `request.bytes.max`. */
const REQUEST_BYTES_MAX = 512_000;

/**
 * Starts a strict simulator of the Genesys Cloud Platform API on 127.0.0.1. It refuses what Genesys Cloud
 * refuses, with the same status and body.
 */
export async function startGenesys(options: GenesysOptions): Promise<GenesysSimulator> {
  const { rateLimit = {}, timing = {}, events = {} } = options;
  const { now = Date.now, latencyMs = () => 0, tokenLifeSeconds = 86_400 } = timing;
  const record = createCallRecord<GenesysCall>();
  const faults = createFaults();
  const tokens = createIssuedTokens({ lifeSeconds: tokenLifeSeconds, now });
  const conversations = createConversations(now);
  const contacts = new Map<string, SandboxContact>();
  const tally = createTally();
  const org = createOrg({
    organization: options.organization ?? SANDBOX_ORGANIZATION,
    client: { id: options.clientId, secret: options.clientSecret },
    tokens,
    now,
    onEventSource: (name, config) => events.onEventSource?.(name, config),
  });
  let { limit = 300 } = rateLimit;

  const server = await startLoopback({ bodyLimitBytes: REQUEST_BYTES_MAX }, (app, closing) => {
    const exchanges = addExchanges(app, {
      record,
      faults,
      latencyMs,
      closing,
      now,
      describe(request, arrival) {
        const call = describeCall(request, arrival);
        tally.arrived(call);
        return call;
      },
    });
    addCrossOrigin(app);
    addTokenEndpoint(app, {
      users: addUserLogin(app, org.clients, org.users),
      client: org.clients.registered,
      tokens,
      tokenType: "bearer",
      refuse: refuseToken,
    });
    app.register((api, _, done) => {
      addAdmission(api, {
        tokens,
        limit: () => limit,
        policy: rateLimit.policy ?? "fixed",
        now,
        onThrottled: tally.throttle,
        permits(token, permission) {
          const { userId, clientId = "" } = tokens.holderOf(token) ?? {};
          return org.grants.permits(userId ?? clientId, permission);
        },
        missingForm: () => org.errors.missingForm,
      });
      api.register((scope, __, added) => {
        addOrgOperations(scope, org, now);
        added();
      });
      addOperations(api, {
        conversations,
        contacts,
        exchanges,
        acceptUnknown: options.unknownConversations === "accept",
        onWritten(written) {
          tally.wrote(written.conversationId);
          setImmediate(() => {
            if (!closing.aborted) events.onAttributes?.(written);
          });
        },
        now,
      });
      done();
    });
  });

  return {
    ...server,
    faults,
    counts: tally.counts,
    get calls() {
      return record.calls;
    },
    get throttled() {
      return tally.throttled;
    },
    patchesOf: tally.patchesOf,
    attributesOf: conversations.attributesOf,
    addConversation: conversations.add,
    endParticipant: conversations.leave,
    endConversation: conversations.end,
    addContact: (contact) => void contacts.set(contact.id, contact),
    allowPage(redirectUri) {
      allowPage(org, PAGE_CLIENT_ID, redirectUri);
      return PAGE_CLIENT_ID;
    },
    revokeTokens: () => tokens.revokeAll(),
    actions: org.actions,
    org: controlsOf(org),
    setLimit(next) {
      limit = next;
    },
    waitFor: record.waitFor,
    async nextPatch(conversationId, waitOptions) {
      const wrote = (call: GenesysCall) =>
        call.conversationId === conversationId && call.written !== undefined && isDone(call);
      const [last] = (await record.waitFor(wrote, waitOptions)).slice(-1);
      if (last === undefined) throw new Error("nextPatch needs a count of at least 1");
      return last;
    },
  };
}

/** A call with a fault counts as done, because it may get no complete answer. */
function isDone(call: GenesysCall): boolean {
  return call.status !== undefined || call.fault !== undefined;
}
