import type { CurrentState } from "./current-state.ts";
import type { EventSourceSeen } from "./event-source-seen.ts";
import { adminNeeds } from "./permissions.ts";
import type { Plan } from "./plan.ts";
import type { Step, StepAction } from "./step.ts";

const SIGNS: Readonly<Record<StepAction, string>> = {
  create: "create ",
  change: "change ",
  leave: "leave  ",
  blocked: "BLOCKED",
};

/** [pure] The plan, for people. */
export function planText(plan: Plan, { organization, administrator }: CurrentState): string {
  const lines = [`${organization.name} (${organization.id}), as ${administrator.name}`, ""];
  for (const { does, thing, told, cure } of plan.steps) {
    lines.push(`${SIGNS[does]}  ${thing}`);
    lines.push(...told.map((line) => `           ${line}`));
    if (cure !== undefined) lines.push(`           -> ${cure}`);
  }
  if (plan.missing.length > 0) {
    lines.push("", "You may not do all of this. Have these permissions granted to you:");
    for (const need of plan.missing) {
      const { permission, why } = adminNeeds[need];
      lines.push(`  ${permission} ${why}`);
    }
  }
  const count = (does: StepAction) => plan.steps.filter((step) => step.does === does).length;
  const sum = `${count("create")} to create, ${count("change")} to change, ${count("leave")} as it should be`;
  const stuck = count("blocked");
  return [...lines, "", `${sum}${stuck === 0 ? "" : `, ${stuck} blocked`}.`].join("\n");
}

/** [pure] What was done, a line for each step. */
export function doneText({ thing, does }: Step): string {
  return `${does === "create" ? "created" : "changed"}  ${thing}`;
}

/** What whoever deploys has to know. */
export interface SetupOutcome {
  readonly genesysClientId: string | undefined;
  /** For GENESYS_CLIENT_SECRET. */
  readonly secret: string;
  readonly panelClientId: string | undefined;
  readonly eventSourceName: string;
  /** Undefined where it could not be looked at. */
  readonly eventSource: EventSourceSeen | undefined;
  readonly region: string;
}

/** [pure] What comes next. */
export function nextText(result: SetupOutcome): string {
  const { genesysClientId = "<its id>", secret, eventSourceName, panelClientId } = result;
  const arn = secret.startsWith("arn:") ? ` -c genesysSecretArn=${secret}` : "";
  return [
    "",
    sourceText(result),
    "",
    "For the worker, and for `ringahead doctor`:",
    `  GENESYS_CLIENT_ID=${genesysClientId}`,
    `  GENESYS_CLIENT_SECRET=${secret}`,
    ...(panelClientId === undefined ? [] : [`The panel's clientId is ${panelClientId}.`]),
    "To deploy (docs/how-to/deploy.md):",
    `  npx cdk deploy -c eventSourceName=${eventSourceName} -c genesysClientId=${genesysClientId}${arn} …`,
  ].join("\n");
}

function sourceText({ eventSource, eventSourceName, region }: SetupOutcome): string {
  if (eventSource === undefined) {
    return `Whether the event source ${eventSourceName} is there could not be looked at.`;
  }
  switch (eventSource.state) {
    case "ACTIVE":
      return `The event source ${eventSourceName} is ACTIVE: it has its event bus.`;
    case "PENDING": {
      const until =
        eventSource.expiresAt === undefined
          ? ""
          : ` It goes at ${eventSource.expiresAt.toISOString()} without one.`;
      return `The event source ${eventSourceName} is PENDING: the deployment makes its event bus.${until}`;
    }
    case "absent": {
      const { others } = eventSource;
      const there =
        others.length === 0 ? "none of Genesys Cloud is" : `there are ${others.join(", ")}`;
      return `The event source ${eventSourceName} is not in ${region} (yet): ${there}. Are account and region the ones of your AWS credentials? If so, run this again in a few minutes.`;
    }
  }
}
