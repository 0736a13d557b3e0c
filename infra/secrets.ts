import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { readReference } from "../src/config/secrets/reference.ts";

export interface SecretsProps {
  /** Existing secrets. For each that is undefined, the stack creates one, whose value you set by hand. */
  readonly genesysSecretArn?: string | undefined;
  readonly oracleSecretArn?: string | undefined;
  /** Whether the stack has lookups on demand, whose callers need a secret. */
  readonly lookup: boolean;
  /** Variables of the worker. A value may be the ARN of a further secret. */
  readonly environment: Readonly<Record<string, string>>;
}

const PLACEHOLDER = "its first value is a placeholder: replace it";
const DESCRIPTIONS = {
  Genesys: `secret of the OAuth client at Genesys Cloud; ${PLACEHOLDER}`,
  Oracle: `secret for the sign-in at Oracle; ${PLACEHOLDER}`,
  Lookup: "bearer secret that callers of the lookup API send",
};

/**
 * The secrets for both APIs and for callers of the lookup API. The worker gets their ARNs and reads the
 * values itself, again after a refusal: a rotated secret needs no deployment.
 */
export class Secrets extends Construct {
  readonly genesys: ISecret;
  readonly oracle: ISecret;
  /** The bearer secret of the lookup API, a random value. */
  readonly lookup: ISecret | undefined;
  /** Further secrets in the environment: the login of a proxy, the key of a client certificate. */
  readonly others: readonly ISecret[];

  constructor(scope: Construct, id: string, props: SecretsProps) {
    super(scope, id);
    this.genesys = this.#secret("Genesys", props.genesysSecretArn);
    this.oracle = this.#secret("Oracle", props.oracleSecretArn);
    this.lookup = props.lookup ? this.#secret("Lookup", undefined) : undefined;
    this.others = Object.entries(props.environment).flatMap(([name, value]) => {
      const arn = readReference(value)?.arn;
      return arn === undefined ? [] : [Secret.fromSecretCompleteArn(this, name, arn)];
    });
  }

  #secret(id: keyof typeof DESCRIPTIONS, arn: string | undefined): ISecret {
    if (arn !== undefined) return Secret.fromSecretCompleteArn(this, id, arn);
    const secret = new Secret(this, id, {
      description: `Ringahead: ${DESCRIPTIONS[id]}`,
      // The value must be valid in a header.
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(secret).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason:
        "Genesys, Oracle or a flow holds the same secret, so it must change there too. Workers read a new value by themselves.",
    });
    // CDK's class allows undefined for optional members, its interface does not.
    return secret as ISecret;
  }
}
