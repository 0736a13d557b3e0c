import type { CurrentState } from "./current-state.ts";
import type { DesiredAction, DesiredState } from "./desired-state.ts";
import { planIntegration } from "./integration.ts";
import { type CreatedIds, left, type Step } from "./step.ts";

/** [pure] The integration that a data action belongs to, with what proves who asks. */
export function planActionIntegration(
  picture: CurrentState,
  wish: DesiredState,
  { definition, credential }: DesiredAction,
  made: CreatedIds,
): Step {
  const name = actionIntegrationName(wish, definition.integrationType);
  const existing = picture.integrations.find(
    (one) => one.type === definition.integrationType && one.name === name,
  );
  return planIntegration(picture, made, existing, {
    type: definition.integrationType,
    name,
    told: [
      `${definition.integrationType}, with a credential of the type ${credential.type} (${Object.keys(credential.fields).join(", ")})`,
    ],
    properties: (_, before) => before,
    credential: { name, type: credential.type, fields: credential.fields },
  });
}

/** [pure] Told apart, so that both kinds of data action can be there. */
export function actionIntegrationName({ name }: DesiredState, type: string): string {
  return type === "aws-lambda-data-actions" ? `${name} lookups (Lambda)` : `${name} lookups`;
}

/** [pure] The data action itself. */
export function planAction(
  picture: CurrentState,
  wish: DesiredState,
  { definition }: DesiredAction,
): Step {
  const { name, integrationType, config } = definition;
  const thing = `data action ${name}`;
  const integration = actionIntegrationName(wish, integrationType);
  const done = picture.actions.find(({ action }) => action === name)?.did ?? "created";
  const told = [`asks ${config.request.requestUrlTemplate}`];
  if (done === "nothing") return left(thing, ...told);
  const does = done === "created" ? "create" : "change";
  return { thing, does, told, deeds: [{ kind: "registerAction", definition, integration }] };
}
