import { actionSchemas, type ContractSchema } from "../../lookup/action.ts";

/** Genesys Cloud's names of the integrations that data actions belong to. */
export type ActionIntegrationType = "custom-rest-actions" | "aws-lambda-data-actions";

/** The body of `POST /api/v2/integrations/actions/drafts`, and the type of the integration. */
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

/** The default of Architect. */
const TIMEOUT_S = 3;
const CATEGORY = "Ringahead";

/**
 * [pure] The action that calls `ringahead serve`.
 * @param apiUrl its https URL
 * @param fields names of `ORACLE_CUSTOMER_FIELDS`
 */
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
          // The integration has a user-defined credential with this field.
          Authorization: `Bearer \${credentials.${SECRET_FIELD}}`,
        },
        requestTemplate: RAW_INPUT,
      },
      // Other statuses than 200 take the action's failure path, so there is no error to map.
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
        requestTemplate: RAW_INPUT,
      },
      response: response(schemas.output, { result: "$.data.result", error: "$.error" }),
    },
  };
}

/** The input contract's object (Resource Center, "Request configuration for data actions"). */
const RAW_INPUT = `\${input.rawRequest}`;

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
 * Every field of the output; empty text if the answer has no value for it (Resource Center, "Response
 * configuration for data actions": values in a success template are JSON, quotes included).
 */
function response(
  output: ContractSchema,
  paths: Readonly<Record<string, string>>,
): ActionDefinition["config"]["response"] {
  const names = Object.keys(output.properties);
  const pairs = (value: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  return {
    translationMap: pairs((name) => paths[name] ?? `$.data.${name}`),
    translationMapDefaults: pairs((name) => (name === "result" ? '"error"' : '""')),
    successTemplate: `{${names.map((name) => `"${name}": \${${name}}`).join(", ")}}`,
  };
}
