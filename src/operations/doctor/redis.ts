import { connectRedis } from "../../fleet/redis.ts";
import { about, type Finding } from "./finding.ts";

/** As the workers do: a script on a key of theirs. */
const SCRIPT = "redis.call('SET', KEYS[1], '1', 'PX', '1000') return redis.call('GET', KEYS[1])";
const KEY = "ringahead:doctor";

/** The shared state: reached, and allowed. */
export async function checkRedis(url: string | undefined, cluster: boolean): Promise<Finding> {
  const tell = about("Redis");
  if (url === undefined) {
    return tell.ok("none: one worker alone, with a budget and a memory of its own");
  }
  let lost = "";
  const shared = await connectRedis({
    url,
    cluster,
    report: (_, fact) => {
      if ("reason" in fact) lost = `: ${fact.reason}`;
    },
  });
  try {
    await shared.run(SCRIPT, [KEY], []);
    return tell.ok("scripts run on our keys");
  } catch (error) {
    const reason = lost || `: ${error instanceof Error ? error.message : "unknown"}`;
    return tell.broken({
      what: `it cannot be used${reason}`,
      why: "Each worker keeps to its share of the budget, and remembers by itself.",
      cure: "Check REDIS_URL, REDIS_CLUSTER, the network, and that its user may run scripts on ringahead:* keys.",
    });
  } finally {
    shared.close();
  }
}
