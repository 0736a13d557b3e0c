import type { SandboxEnvironment } from "../environment/sandbox-environment.ts";

/** What can be broken on the page. */
export const breakable = ["oracle", "genesys", "conversations", "redis"] as const;
type Breakable = (typeof breakable)[number];

export interface Switches {
  /** What is broken just now; `redis` is missing where there is none. */
  readonly state: Readonly<Partial<Record<Breakable, boolean>>>;
  set(what: Breakable, broken: boolean): Promise<void>;
}

/** A Redis that can be killed and comes back empty. */
export interface BreakableRedis {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/**
 * The switches of the page. `conversations`: Genesys does not know the conversations that start from
 * now on (404), so their events become dead letters; mended, it knows all of them.
 * @param known tells Genesys of the conversations that it did not know.
 */
export function createSwitches(
  { oracle, genesys }: Pick<SandboxEnvironment, "oracle" | "genesys">,
  redis: BreakableRedis | undefined,
  known: () => void,
): Switches {
  const state: Partial<Record<Breakable, boolean>> = {
    ...{ oracle: false, genesys: false, conversations: false },
    ...(redis && { redis: false }),
  };
  const down = { kind: "empty", status: 503, times: Number.POSITIVE_INFINITY } as const;

  async function turn(what: Breakable, broken: boolean): Promise<void> {
    switch (what) {
      case "oracle":
      case "genesys": {
        const { faults } = what === "oracle" ? oracle : genesys;
        faults.clear();
        if (broken) faults.push(down);
        return;
      }
      case "conversations":
        if (!broken) known();
        return;
      case "redis":
        await (broken ? redis?.kill() : redis?.restart());
    }
  }

  return {
    state,
    async set(what, broken) {
      if (state[what] === undefined || state[what] === broken) return;
      await turn(what, broken);
      state[what] = broken;
    },
  };
}
