import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { readReference } from "../src/config/secrets/reference.ts";

export interface SecretsProps {
  /** Secrets that are there already; without them empty places are made, to be filled by hand. */
  readonly genesysSecretArn?: string | undefined;
  readonly oracleSecretArn?: string | undefined;
  /** Whether there are lookups on demand, whose callers need a secret. */
  readonly lookup: boolean;
  /** Variables of the worker; those that hold an ARN of a secret name it. */
  readonly environment: Readonly<Record<string, string>>;
}

const FOREIGN = "made with a value that nobody accepts, put yours in";
const DESCRIPTIONS = {
  Genesys: `the secret of the OAuth client at Genesys Cloud; ${FOREIGN}`,
  Oracle: `what proves who we are at Oracle; ${FOREIGN}`,
  Lookup: "what callers of the lookup API send as their bearer",
};

/**
 * The OAuth clients' secrets. The worker is given their ARNs and reads them itself, again when one
 * is refused: a changed secret is picked up with no deployment.
 */
export class Secrets extends Construct {
  readonly genesys: ISecret;
  readonly oracle: ISecret;
  /** What callers of the lookup API send; made at random. */
  readonly lookup: ISecret | undefined;
  /** What the environment names beside them: a proxy's login, a client certificate's key. */
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
      // As a header can carry it.
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(secret).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason:
        "Genesys, Oracle or a flow hold the other half: it changes there and here. What is put in is picked up.",
    });
    // Its own type says "missing or undefined" where the interface says "missing".
    return secret as ISecret;
  }
}
