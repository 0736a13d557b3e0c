/** How the event source stands. */
export type EventSourceSeen =
  | {
      /** PENDING: it waits for the event bus that the deployment makes. ACTIVE: it has one. */
      readonly state: "PENDING" | "ACTIVE";
      /** When a pending one goes, unless the bus is made. */
      readonly expiresAt?: Date;
    }
  | {
      readonly state: "absent";
      /** Genesys Cloud's event sources that are there, so that a wrong region or suffix can be told. */
      readonly others: readonly string[];
    };
