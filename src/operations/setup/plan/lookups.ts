import type { CurrentState } from "./current-state.ts";
import type { DesiredAction, DesiredState } from "./desired-state.ts";
import { planIntegration } from "./integration.ts";
import { type CreatedIds, type Step, unchanged } from "./step.ts";

/** [pure] The integration of a data action, with its credential. */
export function planActionIntegration(
  current: CurrentState,
  desired: DesiredState,
  { definition, credential }: DesiredAction,
  ids: CreatedIds,
): Step {
  const name = actionIntegrationName(desired, definition.integrationType);
  const existing = current.integrations.find(
    (one) => one.type === definition.integrationType && one.name === name,
  );
  return planIntegration(current, ids, existing, {
    type: definition.integrationType,
    name,
    details: [
      `${definition.integrationType}, with a credential of the type ${credential.type} (${Object.keys(credential.fields).join(", ")})`,
    ],
    properties: (_, existingProperties) => existingProperties,
    credential: { name, type: credential.type, fields: credential.fields },
  });
}

/** [pure] Different for both types, so that an org can have both. */
export function actionIntegrationName({ name }: DesiredState, type: string): string {
  return type === "aws-lambda-data-actions" ? `${name} lookups (Lambda)` : `${name} lookups`;
}

/** [pure] */
export function planAction(
  current: CurrentState,
  desired: DesiredState,
  { definition }: DesiredAction,
): Step {
  const { name, integrationType, config } = definition;
  const thing = `data action ${name}`;
  const integration = actionIntegrationName(desired, integrationType);
  const did = current.actions.find(({ action }) => action === name)?.did ?? "created";
  const details = [`calls ${config.request.requestUrlTemplate}`];
  if (did === "nothing") return unchanged(thing, ...details);
  const action = did === "created" ? "create" : "change";
  return { thing, action, details, changes: [{ kind: "registerAction", definition, integration }] };
}
