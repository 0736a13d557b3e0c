import type { Models } from "purecloud-platform-client-v2";
import { createCallRecord, type WaitOptions } from "../call-record.ts";
import { addExchanges } from "../exchange.ts";
import { createFaults, type Faults } from "../faults.ts";
import { createIssuedTokens } from "../issued-tokens.ts";
import { type LoopbackServer, startLoopback } from "../loopback-server.ts";
import { addTokenEndpoint } from "../token-endpoint.ts";
import { type Actions, addActionOperations, createActions } from "./actions.ts";
import { addAdmission } from "./admission.ts";
import { describeCall, type GenesysCall } from "./call.ts";
import { type Attributes, createConversations, type SandboxConversation } from "./conversations.ts";
import { type AttributesWritten, addOperations } from "./operations.ts";
import type { WindowPolicy } from "./rate-window.ts";
import { type CallCounts, createTally, type PatchCount } from "./tally.ts";
import { refuseToken } from "./token-refusal.ts";
import { addCrossOrigin, addUserLogin, type PageClient } from "./user-login.ts";

/** An external contact as the Platform API describes it. */
export type SandboxContact = Models.ExternalContact & { readonly id: string };

export interface GenesysOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 0 unless told: any port that is free. */
  readonly port?: number;
  /** Genesys Cloud's own default is 86,400. */
  readonly tokenLifeSeconds?: number;
  /** Requests per window and token, 300 unless told. */
  readonly limit?: number;
  /** 60,000 unless told. */
  readonly windowMs?: number;
  /** `fixed` unless told. */
  readonly policy?: WindowPolicy;
  /** What a PATCH to a conversation that was never added meets; `refuse` (404) unless told. */
  readonly unknownConversations?: "refuse" | "accept";
  /** Called once for each accepted PATCH, after its answer is on the way. */
  readonly onAttributes?: (written: AttributesWritten) => void;
  /** How long the next request takes, in ms; 0 unless told. */
  readonly latencyMs?: () => number;
  /** Epoch ms; the machine's clock unless told. */
  readonly now?: () => number;
}

/** A Genesys Cloud Platform API on this machine, with its controls. */
export interface GenesysSimulator extends LoopbackServer {
  readonly faults: Faults;
  /** The latest calls, oldest first. */
  readonly calls: readonly GenesysCall[];
  /** Requests that arrived, by kind, whatever they were answered. */
  readonly counts: CallCounts;
  /** Requests that the rate limit refused. */
  readonly throttled: number;
  /** PATCHes of one conversation: how many arrived, and how many of them wrote. */
  patchesOf(conversationId: string): PatchCount;
  attributesOf(conversationId: string, participantId: string): Attributes | undefined;
  addConversation(conversation: SandboxConversation): void;
  /** Everybody leaves: its `endTime` is set. */
  endConversation(conversationId: string): void;
  addContact(contact: SandboxContact): void;
  /** Lets agents sign in to a page, whose login comes back to this address. @returns its client id */
  allowPage(redirectUri: string): string;
  revokeTokens(): void;
  setLimit(limit: number): void;
  /** Integrations, and the data actions that belong to them. */
  readonly actions: Actions;
  /** The first calls that match, past or to come. */
  waitFor(
    matches: (call: GenesysCall) => boolean,
    options?: WaitOptions,
  ): Promise<readonly GenesysCall[]>;
  /** The first PATCH that wrote to a conversation (or the `count`th), past or to come. */
  nextPatch(conversationId: string, options?: WaitOptions): Promise<GenesysCall>;
}

/** The one client that needs no secret. */
const PAGE_CLIENT_ID = "ringahead-panel";
/** "Platform API limits": `request.bytes.max`. */
const REQUEST_BYTES_MAX = 512_000;

/**
 * Starts a strict simulator of the Genesys Cloud Platform API on 127.0.0.1. It refuses what Genesys
 * Cloud refuses, with the same status and body, and forgets everything when it is closed.
 */
export async function startGenesys(options: GenesysOptions): Promise<GenesysSimulator> {
  const { now = Date.now, latencyMs = () => 0, onAttributes } = options;
  const record = createCallRecord<GenesysCall>();
  const faults = createFaults();
  const tokens = createIssuedTokens({ lifeSeconds: options.tokenLifeSeconds ?? 86_400, now });
  const conversations = createConversations(now);
  const contacts = new Map<string, SandboxContact>();
  const tally = createTally();
  const actions = createActions();
  let limit = options.limit ?? 300;
  let pageClient: PageClient = { id: PAGE_CLIENT_ID, redirectUri: undefined };

  const server = await startLoopback(
    { bodyLimitBytes: REQUEST_BYTES_MAX, port: options.port ?? 0 },
    (app, closing) => {
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
      const users = addUserLogin(app, () => pageClient);
      addTokenEndpoint(app, {
        users,
        client: { id: options.clientId, secret: options.clientSecret },
        tokens,
        tokenType: "bearer",
        refuse: refuseToken,
      });
      app.register((api, _, done) => {
        addAdmission(api, {
          tokens,
          limit: () => limit,
          windowMs: options.windowMs ?? 60_000,
          policy: options.policy ?? "fixed",
          now,
          onThrottled: tally.throttle,
        });
        api.register((scope, __, added) => {
          addActionOperations(scope, actions);
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
              if (!closing.aborted) onAttributes?.(written);
            });
          },
          now,
        });
        done();
      });
    },
  );

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
    endConversation: conversations.end,
    addContact: (contact) => void contacts.set(contact.id, contact),
    allowPage(redirectUri) {
      pageClient = { ...pageClient, redirectUri };
      return pageClient.id;
    },
    revokeTokens: tokens.revokeAll,
    actions,
    setLimit(next) {
      limit = next;
    },
    waitFor: record.waitFor,
    async nextPatch(conversationId, waitOptions) {
      const wrote = (call: GenesysCall) =>
        call.conversationId === conversationId && call.written !== undefined && isOver(call);
      const [last] = (await record.waitFor(wrote, waitOptions)).slice(-1);
      if (last === undefined) throw new Error("nextPatch needs a count of at least 1");
      return last;
    },
  };
}

/** A call that met a fault may never be answered as a whole. */
function isOver(call: GenesysCall): boolean {
  return call.status !== undefined || call.fault !== undefined;
}
