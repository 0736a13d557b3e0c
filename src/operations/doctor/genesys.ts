import { type Call, Priority } from "../../domain/call.ts";
import { asFailure } from "../../domain/failure.ts";
import type { Api } from "../../resilience/api.ts";
import { about, type Finding } from "./finding.ts";

/** Nobody's: who may look gets 404, who may not 403. Nothing is read and nothing changed. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

const PROBES = [
  {
    path: `/api/v2/externalcontacts/contacts/${NOBODY}`,
    permission: "externalContacts:contact:view",
    why: "Web-messaging visitors whom Genesys Cloud knows stay `anonymous`.",
  },
  {
    path: `/api/v2/conversations/${NOBODY}`,
    permission: "conversation:communication:view",
    why: "`dlq replay` cannot tell which conversations have ended, and lookups cannot be made by conversation.",
  },
] as const;

/** What a look at one API has brought, beside its findings. */
export interface ApiSeen {
  readonly findings: readonly Finding[];
  /** How far this machine is before its clock, in ms. */
  readonly awayMs: number | undefined;
}

/** The token, and each permission by a request that can find nothing. */
export async function checkGenesys(
  api: Api,
  signal: AbortSignal,
  now: () => number,
): Promise<ApiSeen> {
  const tell = about("Genesys Cloud");
  try {
    await api.warm();
  } catch (error) {
    const { message, cure } = asFailure(error);
    const why = "The worker consumes nothing without a token.";
    return { findings: [tell.broken({ what: message, why, cure })], awayMs: undefined };
  }
  const findings: Finding[] = [tell.ok("the OAuth client gets a token")];
  let awayMs: number | undefined;
  for (const { path, permission, why } of PROBES) {
    const call: Call = { signal, priority: Priority.live };
    try {
      const { status, headers } = await api.send({ method: "GET", path, headers: {} }, call);
      awayMs ??= awayOf(headers.date, now());
      const cure = `Give the OAuth client's role the permission ${permission} (docs/how-to/genesys.md).`;
      if (status === 403)
        findings.push(tell.warning({ what: `403 without ${permission}`, why, cure }));
      else if (status === 404 || status === 200) findings.push(tell.ok(`${permission} is granted`));
      else findings.push(tell.warning({ what: `${permission}: answered ${status}`, why, cure }));
    } catch (error) {
      const { message, cure } = asFailure(error);
      findings.push(tell.broken({ what: message, why: "Nothing can be written.", cure }));
      break;
    }
  }
  return { findings, awayMs };
}

function awayOf(date: string | undefined, now: number): number | undefined {
  const away = now - Date.parse(date ?? "");
  return Number.isNaN(away) ? undefined : away;
}
