import type { WrittenConfig } from "../../config/load.ts";
import { summaryOptions } from "../../config/summary-options.ts";
import { CALL_DEADLINE_MS } from "../../domain/call.ts";
import { conversationId } from "../../domain/event/ids.ts";
import { asFailure } from "../../domain/failure.ts";
import { summarise } from "../../domain/summary/summarise.ts";
import { epochMs } from "../../domain/time.ts";
import { type Lookup, outcomeOf } from "../../lookup/lookup.ts";
import { about, type Finding } from "./finding.ts";

/** Looks the conversation's customer up, and names the attributes that a worker would write. Writes nothing. */
export async function checkWrite(
  lookup: Lookup,
  conversation: string | undefined,
  config: WrittenConfig,
): Promise<Finding> {
  const report = about("a conversation");
  if (conversation === undefined) return report.skipped("name one: --conversation <id>");
  const why = "Nothing would be written to it.";
  const id = conversationId.safeParse(conversation);
  if (!id.success) {
    const cure = "Take the id from Genesys Cloud's interaction details.";
    return report.broken({ what: "it is not a conversation id", why, cure });
  }
  try {
    const answer = await lookup({ by: "conversation", conversationId: id.data }, CALL_DEADLINE_MS);
    if (answer.match === "pending") {
      const cure = "Check Oracle's response times.";
      return report.broken({ what: "Oracle did not answer in time", why, cure });
    }
    const outcome = outcomeOf(answer);
    const at = "asOf" in answer ? answer.asOf : epochMs(0);
    const names = Object.keys(summarise(outcome, summaryOptions(config), at));
    return report.ok(`${answer.match}; would be written: ${names.join(", ")}`);
  } catch (error) {
    const { message, cure } = asFailure(error);
    return report.broken({ what: message, why, cure });
  }
}
