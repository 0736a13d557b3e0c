export type EventSourceState =
  | {
      /** PENDING: the deployment has not created its event bus yet. ACTIVE: it has one. */
      readonly state: "PENDING" | "ACTIVE";
      /** When a pending source expires if it gets no bus. */
      readonly expiresAt?: Date;
    }
  | {
      readonly state: "absent";
      /** Genesys Cloud's event sources in this region: they show a wrong region or suffix. */
      readonly others: readonly string[];
    };
