import type { EventSourceState } from "@aws-sdk/client-eventbridge";
import { type Buses, REGION } from "./buses.ts";
import { EventBridgeRefusal } from "./refusal.ts";

/** A partner event source, as the API describes it; times are in seconds, as the protocol has them. */
interface EventSource {
  readonly Name: string;
  readonly Arn: string;
  readonly CreatedBy: string;
  readonly CreationTime: number;
  /** When it goes, unless a bus is made for it. */
  readonly ExpirationTime?: number;
  readonly State: EventSourceState;
}

/** What partners have made in this account. */
export interface EventSources {
  readonly all: readonly EventSource[];
  /** @throws {EventBridgeRefusal} `ResourceNotFoundException` */
  get(name: string): EventSource;
  /** The partner makes one; it waits for its bus, which has its name. */
  add(name: string): void;
  /** The partner takes it back: where it has a bus, that stays, and the source is DELETED. */
  remove(name: string): void;
}

/** What people report; the API Reference says only that there is an end ("EventSource"). */
const PENDING_SECONDS = 14 * 86_400;

/** @param now epoch ms */
export function createEventSources(buses: Buses, now: () => number): EventSources {
  const made = new Map<string, { readonly at: number; readonly isDeleted: boolean }>();

  function stateOf(name: string, isDeleted: boolean): EventSourceState {
    if (isDeleted) return "DELETED";
    return buses.find(name) === undefined ? "PENDING" : "ACTIVE";
  }

  function all(): readonly EventSource[] {
    return [...made].map(([Name, { at, isDeleted }]) => {
      const State = stateOf(Name, isDeleted);
      return {
        Name,
        Arn: `arn:aws:events:${REGION}::event-source/${Name}`,
        CreatedBy: Name.split("/").slice(0, 2).join("/"),
        CreationTime: at,
        ...(State === "PENDING" ? { ExpirationTime: at + PENDING_SECONDS } : {}),
        State,
      };
    });
  }

  return {
    get all() {
      return all();
    },
    get(name) {
      const found = all().find(({ Name }) => Name === name);
      if (found !== undefined) return found;
      throw new EventBridgeRefusal(
        "ResourceNotFoundException",
        `Event source ${name} does not exist.`,
      );
    },
    add(name) {
      if (!name.startsWith("aws.partner/")) throw new Error(`${name} is no partner's event source`);
      made.set(name, { at: Math.floor(now() / 1000), isDeleted: false });
    },
    remove(name) {
      const source = made.get(name);
      if (source !== undefined && buses.find(name) !== undefined) {
        made.set(name, { ...source, isDeleted: true });
      } else made.delete(name);
    },
  };
}
