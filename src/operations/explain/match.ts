import type { MatchedBy } from "../../domain/identity/rank.ts";
import type { Facts } from "../../observability/facts/facts.ts";

/** By which key a customer was found, and how sure that is. */
interface Match {
  /** A clause: how the customer was found. */
  readonly how: string;
  readonly sure: string;
}

const matches: Readonly<Record<MatchedBy, Match>> = {
  "phone:exact": {
    how: "by the telephone number with its country code",
    sure: "No match is surer.",
  },
  "email:exact": {
    how: "by the email address",
    sure: "No match is surer.",
  },
  reference: {
    how: "by the account, customer or case number that a flow collected",
    sure: "It may be the number of somebody else: confirm who is calling.",
  },
  contact: {
    how: "by the participant's external contact in Genesys Cloud",
    sure: "It is as sure as that contact.",
  },
  "phone:national": {
    how: "by the telephone number without its country code",
    sure: "It is the least sure match: somebody in another country may have the same national digits.",
  },
};

const whyUnusable: Readonly<Record<string, string>> = {
  withheld: "the caller withheld the number",
  internal: "the call is internal",
  short_number: "the number is too short",
  opaque: "the address is neither a telephone number nor an email address",
  invalid_number: "the number is not valid in any country",
  no_address: "the event has no address",
};

/** [pure] How a customer was found, as a clause. */
export function describeMatch(matchedBy: MatchedBy): string {
  return matches[matchedBy].how;
}

/** [pure] Why no lookup was possible, as a clause. An unknown reason is returned unchanged. */
export function describeUnusable(why: string): string {
  return whyUnusable[why] ?? why;
}

/** [pure] Why the status is what it is, as sentences; "" if the status says all, or the log does not tell. */
export function whyStatus({
  status,
  matchedBy,
  identifiedBy,
}: Pick<Facts["enrichment.written"], "status" | "matchedBy" | "identifiedBy">): string {
  switch (status) {
    case "found":
      return matchedBy === undefined
        ? ""
        : ` The customer was found ${matches[matchedBy].how} (${matchedBy}). ${matches[matchedBy].sure}`;
    case "ambiguous":
      return " Several customers match equally well, so no person is shown.";
    case "not_found":
      return " No customer in Oracle has the number, address or reference that was looked up.";
    case "anonymous":
      return ` No lookup was possible: ${describeUnusable(identifiedBy)}.`;
    case "unavailable":
      return "";
  }
}
