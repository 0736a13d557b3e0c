import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";

/** The faults that the page can switch on. */
export const breakable = ["oracle", "genesys", "conversations", "redis"] as const;
type Breakable = (typeof breakable)[number];

export interface Switches {
  /** Which faults are on. `redis` is missing if no Redis is installed. */
  readonly state: Readonly<Partial<Record<Breakable, boolean>>>;
  set(what: Breakable, broken: boolean): Promise<void>;
}

/** A Redis that can be killed, and restarted empty. */
export interface BreakableRedis {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/**
 * The switches of the page. With `conversations` on, Genesys answers new conversations with 404, so their
 * events become dead letters.
 * @param addUnknown adds the unknown conversations to Genesys; called when `conversations` is switched off
 */
export function createSwitches(
  { oracle, genesys }: Pick<SandboxEnvironment, "oracle" | "genesys">,
  redis: BreakableRedis | undefined,
  addUnknown: () => void,
): Switches {
  const state: Partial<Record<Breakable, boolean>> = {
    ...{ oracle: false, genesys: false, conversations: false },
    ...(redis && { redis: false }),
  };
  const down = { kind: "empty", status: 503, times: Number.POSITIVE_INFINITY } as const;

  async function apply(what: Breakable, broken: boolean): Promise<void> {
    switch (what) {
      case "oracle":
      case "genesys": {
        const { faults } = what === "oracle" ? oracle : genesys;
        faults.clear();
        if (broken) faults.push(down);
        return;
      }
      case "conversations":
        if (!broken) addUnknown();
        return;
      case "redis":
        await (broken ? redis?.kill() : redis?.restart());
    }
  }

  return {
    state,
    async set(what, broken) {
      if (state[what] === undefined || state[what] === broken) return;
      await apply(what, broken);
      state[what] = broken;
    },
  };
}
