import { type Call, Priority } from "../../src/domain/call.ts";
import type { History, HistorySource } from "../../src/domain/history/history.ts";
import { safeReference, safeText } from "../../src/domain/history/safe-text.ts";
import { emailAddress } from "../../src/domain/identity/email.ts";
import type { Identity } from "../../src/domain/identity/identity.ts";

const address = emailAddress("ada@example.com");
if (address === undefined) throw new TypeError("no address");

export const CUSTOMER: Identity = { kind: "email", address, spellings: [] };

export const FOUND: History = {
  match: "found",
  rank: "exact",
  customer: { id: safeReference("42"), name: safeText("Ada L", 80), account: undefined },
  cases: [
    {
      reference: safeReference("260101-000007"),
      subject: safeText("The subject", 80),
      status: safeText("Open", 40),
      updatedAt: undefined,
    },
  ],
  openCases: { count: 1, exact: true },
};

interface Request {
  readonly call: Call;
  readonly answer: (history: History) => void;
  readonly fail: (error: Error) => void;
}

/** A source of histories that answers when the test says so. */
export function heldSource(): { readonly requests: readonly Request[]; source: HistorySource } {
  const requests: Request[] = [];
  return {
    requests,
    source: {
      find(_identity, call) {
        const { promise, resolve, reject } = Promise.withResolvers<History>();
        requests.push({ call, answer: resolve, fail: reject });
        return promise;
      },
    },
  };
}

export function liveCall(signal = new AbortController().signal): Call {
  return { signal, priority: Priority.live };
}
