import { sharedSecret } from "../domain/variable/rules.ts";
import { required, type ValuesOf } from "../domain/variable/variable.ts";
import type { Secret } from "../resilience/sign-in/secret.ts";
import { definePart, type Part } from "./part.ts";
import { type Sources, secretOf } from "./sources.ts";
import { lookupVariables } from "./variables/lookup.ts";

type LookupValues = ValuesOf<typeof lookupVariables>;

export type LookupSettings = LookupValues & {
  /** Callers of the lookup API authenticate with any of these. */
  readonly lookupSecrets: readonly Secret[];
};

const { LOOKUP_SECRET } = lookupVariables;
const requiredSecret = required(LOOKUP_SECRET.meaning, sharedSecret, LOOKUP_SECRET.secret);

/** The secret alone, which must be set. */
export const lookupSecretPart = definePart({
  variables: { LOOKUP_SECRET: requiredSecret },
  build: (values) => values,
});

export const lookupPart = lookupPartWith(lookupVariables);

/** The same; `LOOKUP_SECRET` must be set. */
export const servedLookupPart = lookupPartWith({
  ...lookupVariables,
  LOOKUP_SECRET: requiredSecret,
});

function lookupPartWith(variables: typeof lookupVariables): Part<LookupSettings> {
  return definePart({
    variables,
    build: (values, sources) => ({ ...values, lookupSecrets: lookupSecrets(values, sources) }),
  });
}

function lookupSecrets(values: LookupValues, sources: Sources): Secret[] {
  return (["LOOKUP_SECRET", "LOOKUP_SECRET_PREVIOUS"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [secretOf(sources, name, value)];
  });
}
