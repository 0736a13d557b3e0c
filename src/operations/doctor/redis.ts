import { connectRedis } from "../../fleet/redis.ts";
import { about, type Finding } from "./finding.ts";

/** Workers run such scripts too. */
const SCRIPT = "redis.call('SET', KEYS[1], '1', 'PX', '1000') return redis.call('GET', KEYS[1])";
const KEY = "ringahead:doctor";

/** Checks that Redis can be reached and runs scripts. */
export async function checkRedis(url: string | undefined, cluster: boolean): Promise<Finding> {
  const report = about("Redis");
  if (url === undefined) {
    return report.ok(
      "not configured: correct for a single worker, which has its own budget and cache",
    );
  }
  let reason = "";
  const shared = await connectRedis({
    url,
    cluster,
    report(_, fact) {
      if ("reason" in fact) reason = fact.reason;
    },
  });
  try {
    await shared.run(SCRIPT, [KEY], []);
    return report.ok("scripts run on ringahead:* keys");
  } catch (error) {
    const message = error instanceof Error ? error.message : "unknown error";
    return report.broken({
      what: `it cannot be used: ${reason || message}`,
      why: "Each worker uses only its share of the budget, and only its own cache.",
      cure: "Check REDIS_URL, REDIS_CLUSTER and the network, and that its user can run scripts on ringahead:* keys.",
    });
  } finally {
    shared.close();
  }
}
