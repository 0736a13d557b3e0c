import type { CurrentState } from "./current-state.ts";
import type { EventSourceState } from "./event-source-state.ts";
import { adminNeeds } from "./permissions.ts";
import type { Plan } from "./plan.ts";
import type { Step, StepAction } from "./step.ts";

const LABELS: Readonly<Record<StepAction, string>> = {
  create: "create ",
  change: "change ",
  leave: "leave  ",
  blocked: "BLOCKED",
};

/** [pure] The plan, for people. */
export function planText(plan: Plan, { organization, administrator }: CurrentState): string {
  const lines = [`${organization.name} (${organization.id}), as ${administrator.name}`, ""];
  for (const { action, thing, details, cure } of plan.steps) {
    lines.push(`${LABELS[action]}  ${thing}`);
    lines.push(...details.map((line) => `           ${line}`));
    if (cure !== undefined) lines.push(`           -> ${cure}`);
  }
  if (plan.missing.length > 0) {
    lines.push("", "Your permissions do not cover this plan. Ask for these:");
    for (const need of plan.missing) {
      const { permission, why } = adminNeeds[need];
      lines.push(`  ${permission} ${why}`);
    }
  }
  const count = (action: StepAction) => plan.steps.filter((step) => step.action === action).length;
  const summary = `${count("create")} to create, ${count("change")} to change, ${count("leave")} unchanged`;
  const blocked = count("blocked");
  return [...lines, "", `${summary}${blocked === 0 ? "" : `, ${blocked} blocked`}.`].join("\n");
}

/** [pure] The line for a step that was applied. */
export function appliedText({ thing, action }: Step): string {
  return `${action === "create" ? "created" : "changed"}  ${thing}`;
}

/** The values that the deployment needs. */
export interface DeploymentValues {
  readonly genesysClientId: string | undefined;
  /** For GENESYS_CLIENT_SECRET. */
  readonly secret: string;
  readonly panelClientId: string | undefined;
  readonly eventSourceName: string;
  /** Undefined if EventBridge could not be asked. */
  readonly eventSource: EventSourceState | undefined;
  readonly region: string;
}

/** [pure] The next steps, for people. */
export function nextStepsText(values: DeploymentValues): string {
  const { genesysClientId = "<its id>", secret, eventSourceName, panelClientId } = values;
  const arn = secret.startsWith("arn:") ? ` -c genesysSecretArn=${secret}` : "";
  return [
    "",
    eventSourceText(values),
    "",
    "For the worker, and for `ringahead doctor`:",
    `  GENESYS_CLIENT_ID=${genesysClientId}`,
    `  GENESYS_CLIENT_SECRET=${secret}`,
    ...(panelClientId === undefined ? [] : [`The panel's clientId is ${panelClientId}.`]),
    "To deploy (docs/how-to/deploy.md):",
    `  npx cdk deploy -c eventSourceName=${eventSourceName} -c genesysClientId=${genesysClientId}${arn} …`,
  ].join("\n");
}

function eventSourceText({ eventSource, eventSourceName: name, region }: DeploymentValues): string {
  if (eventSource === undefined) return `The event source ${name} could not be checked.`;
  switch (eventSource.state) {
    case "ACTIVE":
      return `The event source ${name} is ACTIVE: it has its event bus.`;
    case "PENDING": {
      const { expiresAt } = eventSource;
      const expiry =
        expiresAt === undefined ? "" : ` Without one, it expires at ${expiresAt.toISOString()}.`;
      return `The event source ${name} is PENDING: the deployment creates its event bus.${expiry}`;
    }
    case "absent": {
      const { others } = eventSource;
      const existing =
        others.length === 0
          ? "the region has none of Genesys Cloud"
          : `the region has ${others.join(", ")}`;
      return `The event source ${name} is not in ${region} (yet): ${existing}. Check that the account and the region are those of your AWS credentials, then run this again in a few minutes.`;
    }
  }
}
