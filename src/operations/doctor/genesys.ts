import { type Call, Priority } from "../../domain/call.ts";
import { asFailure } from "../../domain/failure.ts";
import type { Api } from "../../resilience/api.ts";
import { about, type Finding } from "./finding.ts";

/** An id that does not exist: 404 proves the permission, 403 its absence. Nothing is read or changed. */
const UNKNOWN_ID = "00000000-0000-0000-0000-000000000000";

const PROBES = [
  {
    path: `/api/v2/externalcontacts/contacts/${UNKNOWN_ID}`,
    permission: "externalContacts:contact:view",
    why: "Web-messaging visitors whom Genesys Cloud knows stay `anonymous`.",
  },
  {
    path: `/api/v2/conversations/${UNKNOWN_ID}`,
    permission: "conversation:communication:view",
    why: "`dlq replay` cannot check which conversations have ended, and lookups cannot be made by conversation.",
  },
] as const;

interface GenesysCheck {
  readonly findings: readonly Finding[];
  /** How far this machine's clock is ahead of Genesys Cloud's, in ms. */
  readonly offsetMs: number | undefined;
}

/** Checks the token, and each permission with a request for an unknown id. @param now epoch ms */
export async function checkGenesys(
  api: Api,
  signal: AbortSignal,
  now: () => number,
): Promise<GenesysCheck> {
  const report = about("Genesys Cloud");
  try {
    await api.warm();
  } catch (error) {
    const { message, cure } = asFailure(error);
    const why = "Without a token, the worker consumes no events.";
    return { findings: [report.broken({ what: message, why, cure })], offsetMs: undefined };
  }
  const findings: Finding[] = [report.ok("the OAuth client gets a token")];
  let offsetMs: number | undefined;
  for (const { path, permission, why } of PROBES) {
    const call: Call = { signal, priority: Priority.live };
    try {
      const { status, headers } = await api.send({ method: "GET", path, headers: {} }, call);
      offsetMs ??= offsetOf(headers.date, now());
      const cure = `Give the OAuth client's role the permission ${permission} (docs/how-to/genesys.md).`;
      if (status === 403)
        findings.push(report.warning({ what: `403: ${permission} is not granted`, why, cure }));
      else if (status === 404 || status === 200)
        findings.push(report.ok(`${permission} is granted`));
      else
        findings.push(
          report.warning({
            what: `${permission} could not be checked: status ${status}`,
            why,
            cure,
          }),
        );
    } catch (error) {
      const { message, cure } = asFailure(error);
      findings.push(report.broken({ what: message, why: "Nothing can be written.", cure }));
      break;
    }
  }
  return { findings, offsetMs };
}

function offsetOf(date: string | undefined, now: number): number | undefined {
  const offset = now - Date.parse(date ?? "");
  return Number.isNaN(offset) ? undefined : offset;
}
