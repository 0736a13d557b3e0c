import type { EventSourceState } from "@aws-sdk/client-eventbridge";
import { type Buses, REGION } from "./buses.ts";
import { EventBridgeRefusal } from "./refusal.ts";

/** A partner event source in the form of the API. Times are in seconds. */
interface EventSource {
  readonly Name: string;
  readonly Arn: string;
  readonly CreatedBy: string;
  readonly CreationTime: number;
  /** When it is deleted if no bus is created for it. */
  readonly ExpirationTime?: number;
  readonly State: EventSourceState;
}

/** The partner event sources of the account. */
export interface EventSources {
  readonly all: readonly EventSource[];
  /** @throws {EventBridgeRefusal} `ResourceNotFoundException` */
  get(name: string): EventSource;
  /** Adds one. It is PENDING until a bus of its name is created. */
  add(name: string): void;
  /** Removes one. If it has a bus, the bus stays and the source becomes DELETED. */
  remove(name: string): void;
}

/** [unverified] Reported by users. The API Reference gives no duration ("EventSource"). */
const PENDING_SECONDS = 14 * 86_400;

/** @param now epoch ms */
export function createEventSources(buses: Buses, now: () => number): EventSources {
  const created = new Map<string, { readonly at: number; readonly isDeleted: boolean }>();

  function stateOf(name: string, isDeleted: boolean): EventSourceState {
    if (isDeleted) return "DELETED";
    return buses.find(name) === undefined ? "PENDING" : "ACTIVE";
  }

  function all(): readonly EventSource[] {
    return [...created].map(([Name, { at, isDeleted }]) => {
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
      if (!name.startsWith("aws.partner/"))
        throw new Error(`${name} is not a name of a partner event source`);
      created.set(name, { at: Math.floor(now() / 1000), isDeleted: false });
    },
    remove(name) {
      const source = created.get(name);
      if (source !== undefined && buses.find(name) !== undefined) {
        created.set(name, { ...source, isDeleted: true });
      } else created.delete(name);
    },
  };
}
