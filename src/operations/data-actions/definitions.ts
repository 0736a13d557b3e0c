import { actionSchemas, type ContractSchema } from "../../lookup/action.ts";

/** Genesys Cloud's names of the integrations that data actions belong to. */
export type ActionIntegrationType = "custom-rest-actions" | "aws-lambda-data-actions";

/** A data action as it is registered (`POST /api/v2/integrations/actions/drafts`), its integration aside. */
export interface ActionDefinition {
  readonly integrationType: ActionIntegrationType;
  readonly name: string;
  readonly category: string;
  readonly secure: boolean;
  readonly config: {
    readonly timeoutSeconds: number;
    readonly request: {
      readonly requestUrlTemplate: string;
      readonly requestType: "POST";
      readonly headers: Readonly<Record<string, string>>;
      readonly requestTemplate: string;
    };
    readonly response: {
      readonly translationMap: Readonly<Record<string, string>>;
      readonly translationMapDefaults: Readonly<Record<string, string>>;
      readonly successTemplate: string;
    };
  };
  readonly contract: {
    readonly input: { readonly inputSchema: ContractSchema };
    readonly output: { readonly successSchema: ContractSchema };
  };
}

/** As long as Architect waits by itself. */
const TIMEOUT_S = 3;
const CATEGORY = "Ringahead";

/** [pure] The action that asks `ringahead serve`. @param apiUrl its origin, with https; @param fields names of `ORACLE_CUSTOMER_FIELDS` */
export function httpAction(apiUrl: string, fields: readonly string[] = []): ActionDefinition {
  const schemas = actionSchemas(fields);
  return {
    ...common("Ringahead: customer history", schemas),
    integrationType: "custom-rest-actions",
    config: {
      timeoutSeconds: TIMEOUT_S,
      request: {
        requestUrlTemplate: `${apiUrl.replace(/\/+$/, "")}/api/customer/lookup`,
        requestType: "POST",
        headers: {
          "Content-Type": "application/json",
          // A user-defined credential of the integration, with a field of this name.
          Authorization: `Bearer \${credentials.${SECRET_FIELD}}`,
        },
        requestTemplate: INPUT_AS_IT_STANDS,
      },
      // Whatever is no 200 takes the action's failure path: there is no error to map.
      response: response(schemas.output, { result: "$.status" }),
    },
  };
}

/** The field of the integration's credential that holds `LOOKUP_SECRET`. */
export const SECRET_FIELD = "secret";

/** [pure] The action that invokes the Lambda function. */
export function lambdaAction(
  functionArn: string,
  fields: readonly string[] = [],
): ActionDefinition {
  const schemas = actionSchemas(fields);
  return {
    ...common("Ringahead: customer history (Lambda)", schemas),
    integrationType: "aws-lambda-data-actions",
    config: {
      timeoutSeconds: TIMEOUT_S,
      request: {
        requestUrlTemplate: functionArn,
        requestType: "POST",
        headers: {},
        requestTemplate: INPUT_AS_IT_STANDS,
      },
      response: response(schemas.output, { result: "$.data.result", error: "$.error" }),
    },
  };
}

/** The input contract's object (Resource Center, "Request configuration for data actions"). */
const INPUT_AS_IT_STANDS = `\${input.rawRequest}`;

function common(name: string, { input, output }: ReturnType<typeof actionSchemas>) {
  return {
    name,
    category: CATEGORY,
    secure: false,
    contract: {
      input: { inputSchema: input },
      output: { successSchema: output },
    },
  };
}

/**
 * Every field of the output, with an empty text where the answer has none (Resource Center, "Response
 * configuration for data actions": values in a success template are JSON, quotes included).
 */
function response(
  output: ContractSchema,
  own: Readonly<Record<string, string>>,
): ActionDefinition["config"]["response"] {
  const names = Object.keys(output.properties);
  const pairs = (value: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  return {
    translationMap: pairs((name) => own[name] ?? `$.data.${name}`),
    translationMapDefaults: pairs((name) => (name === "result" ? '"error"' : '""')),
    successTemplate: `{${names.map((name) => `"${name}": \${${name}}`).join(", ")}}`,
  };
}
