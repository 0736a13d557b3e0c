/**
 * How a party outside the org came into a conversation.
 * - `came_in`: called or wrote by itself.
 * - `callback`: asked for a callback, and waits for it.
 * - `dialled_by_agent`: an agent's station dialled it.
 * - `dialled`: a campaign dialled it, or an agent under the org's number.
 */
export const origins = ["came_in", "dialled", "dialled_by_agent", "callback"] as const;
export type Origin = (typeof origins)[number];

/**
 * One session of a party outside the org. Times are epoch ms. A start that is not known counts
 * as before all others. No end: the party is still there. An end of `Infinity`: it left, and nobody
 * knows when.
 */
export interface OutsideSession {
  readonly participantId: string;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly origin: Origin;
}

/**
 * The part that a session has in its conversation. All but `third_party` are customers with a history
 * of their own.
 */
export const parts = [
  /** The first customer, who called or wrote. */
  "came_in",
  /** Called or wrote too, when another customer had been there before. */
  "came_in_later",
  "asked_for_callback",
  /** By a campaign, by an agent, or back. */
  "called",
  /** Dialled while a customer was there: consulted, or added to a conference. Nothing is written to it. */
  "third_party",
] as const;
export type Part = (typeof parts)[number];

/** The fields of an event or of a Platform API participant that show how it came in. */
export interface OriginFields {
  readonly mediaType?: string | undefined;
  readonly direction?: string | undefined;
  readonly ani?: string | undefined;
  readonly addressFrom?: string | undefined;
}

/** `sip:<24 hex digits>+<org>.orgspan.com@localhost`, the address of an agent's station. */
const STATION = /(?:^|[^0-9a-z])[0-9a-f]{24}\+[\w.-]+\.orgspan\.com@localhost(?![\w.-])/i;
/** `+`, `:` and `@` in percent-encoding. */
const ESCAPED = /%(?:2B|3A|40)/gi;

/** [pure] How a session came into its conversation. Without a direction, only a station has dialled. */
export function originOf({ mediaType, direction, ani, addressFrom }: OriginFields): Origin {
  if (mediaType?.toUpperCase() === "CALLBACK") return "callback";
  const way = direction?.toUpperCase();
  if (way === "INBOUND") return "came_in";
  if ([ani, addressFrom].some(isStation)) return "dialled_by_agent";
  return way === "OUTBOUND" ? "dialled" : "came_in";
}

function isStation(address: string | undefined): boolean {
  return address !== undefined && STATION.test(address.replace(ESCAPED, unescaped));
}

function unescaped(encoded: string): string {
  return String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
}

/** [pure] The origin that counts if events of one session differ: `came_in` may only mean "not said". */
export function strongerOrigin(known: Origin | undefined, other: Origin | undefined): Origin {
  const strength = (origin: Origin | undefined) => origins.indexOf(origin ?? "came_in");
  return origins[Math.max(strength(known), strength(other))] ?? "came_in";
}

/**
 * [pure] The part of `session` among all outside sessions of its conversation. It depends on what is
 * known, not on the order in which it became known. A participant with several sessions is one party:
 * who came in or asked for a callback is a customer in later sessions too.
 */
export function partOf(session: OutsideSession, all: Iterable<OutsideSession>): Part {
  if (session.origin === "callback") return "asked_for_callback";
  const [own, others] = split(session, all);
  const first = own.filter(isPresent).reduce((a, b) => (isBefore(b, a) ? b : a), session);
  const before = others.filter((one) => isPresent(one) && isBefore(one, first));
  if (!wasDialled(session)) return before.length > 0 ? "came_in_later" : "came_in";
  const isCustomer = own.some((one) => !wasDialled(one));
  const there = before.filter((one) => wasThere(one, first));
  // The end of a consult may never be recorded: it must not hide who is called back.
  const isCalledBack = others.some((one) => one.origin === "callback" && wasThere(one, first));
  const joined = there.some((one) => !(isCalledBack && wasAdded(one, others)));
  return joined && !isCustomer ? "third_party" : "called";
}

/** Whether the party was dialled while somebody who had come in was there. */
function wasAdded(session: OutsideSession, all: readonly OutsideSession[]): boolean {
  const cameIn = all.filter((one) => one.origin === "came_in" && isBefore(one, session));
  return wasDialled(session) && cameIn.some((one) => wasThere(one, session));
}

/**
 * [pure] The part of a participant: a customer's if one of its sessions is one. Undefined if it has no
 * session.
 */
export function partOfParticipant(
  participantId: string,
  all: readonly OutsideSession[],
): Part | undefined {
  const own = all.filter((one) => one.participantId === participantId);
  const found = own.map((session) => partOf(session, all));
  return found.find((part) => part !== "third_party") ?? found[0];
}

/** Who waits for a callback is not there. */
function isPresent({ origin }: OutsideSession): boolean {
  return origin !== "callback";
}

/** The sessions of the same participant, and those of the others. */
function split(
  { participantId }: OutsideSession,
  all: Iterable<OutsideSession>,
): [own: OutsideSession[], others: OutsideSession[]] {
  const own: OutsideSession[] = [];
  const others: OutsideSession[] = [];
  for (const one of all) (one.participantId === participantId ? own : others).push(one);
  return [own, others];
}

function begin({ startedAt }: OutsideSession): number {
  return startedAt ?? Number.NEGATIVE_INFINITY;
}

/** At the same ms who came in was first, otherwise the smaller id: any order, but always the same. */
function isBefore(one: OutsideSession, other: OutsideSession): boolean {
  if (begin(one) !== begin(other)) return begin(one) < begin(other);
  const [oneCame, otherCame] = [one, other].map(({ origin }) => origin === "came_in");
  if (oneCame !== otherCame) return oneCame === true;
  return one.participantId < other.participantId;
}

function wasThere({ endedAt }: OutsideSession, at: OutsideSession): boolean {
  return endedAt === undefined || endedAt > begin(at);
}

/**
 * [pure] The participant whose history a conversation as a whole has: who came in or asked for a
 * callback before who was called, who is there before who has left, the earliest first. Never a third
 * party. Undefined if there is nobody.
 */
export function customerOf(all: readonly OutsideSession[]): string | undefined {
  const customers = all.filter((session) => partOf(session, all) !== "third_party");
  const alive = new Set(
    customers.flatMap(({ participantId, endedAt }) =>
      endedAt === undefined ? [participantId] : [],
    ),
  );
  const [first] = customers.toSorted(
    (a, b) =>
      Number(wasDialled(a)) - Number(wasDialled(b)) ||
      Number(alive.has(b.participantId)) - Number(alive.has(a.participantId)) ||
      Number(isBefore(b, a)) - Number(isBefore(a, b)),
  );
  return first?.participantId;
}

/** [pure] Whether the org called the party. */
export function wasDialled({ origin }: Pick<OutsideSession, "origin">): boolean {
  return origin === "dialled" || origin === "dialled_by_agent";
}
