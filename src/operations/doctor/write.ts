import type { WrittenConfig } from "../../config/load.ts";
import { summaryOptions } from "../../config/summary-options.ts";
import { CALL_DEADLINE_MS } from "../../domain/call.ts";
import { conversationId } from "../../domain/event/ids.ts";
import { asFailure } from "../../domain/failure.ts";
import { summarise } from "../../domain/summary/summarise.ts";
import { epochMs } from "../../domain/time.ts";
import type { Lookup } from "../../lookup/lookup.ts";
import { about, type Finding } from "./finding.ts";

/** The whole way but the write: the conversation's customer, looked up and put into words. */
export async function checkWrite(
  lookup: Lookup,
  conversation: string | undefined,
  config: WrittenConfig,
): Promise<Finding> {
  const tell = about("a conversation");
  if (conversation === undefined) return tell.skipped("name one: --conversation <id>");
  const why = "Nothing would be written to it.";
  const id = conversationId.safeParse(conversation);
  if (!id.success) {
    const cure = "Take the id from Genesys Cloud's interaction details.";
    return tell.broken({ what: "this is no id of a conversation", why, cure });
  }
  try {
    const answer = await lookup({ by: "conversation", conversationId: id.data }, CALL_DEADLINE_MS);
    if (answer.match === "pending") {
      const cure = "Look at Oracle's response times.";
      return tell.broken({ what: "Oracle did not answer in time", why, cure });
    }
    const outcome = answer.match === "found" ? answer.history : { match: answer.match };
    const at = "asOf" in answer ? answer.asOf : epochMs(0);
    const names = Object.keys(summarise(outcome, summaryOptions(config), at));
    return tell.ok(`${answer.match}; would be written: ${names.join(", ")}`);
  } catch (error) {
    const { message, cure } = asFailure(error);
    return tell.broken({ what: message, why, cure });
  }
}
