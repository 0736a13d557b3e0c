import { Aws, Fn, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Port } from "aws-cdk-lib/aws-ec2";
import { CfnServerlessCache, CfnUser, CfnUserGroup } from "aws-cdk-lib/aws-elasticache";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { Network } from "./network.ts";

export interface SharedStateProps {
  readonly network: Network;
}

const PORT = 6379;
const USER = "ringahead";
const MOST_GB = 1;
const MOST_ECPU_PER_SECOND = 5_000;

/**
 * The permissions of workers in the shared state: their own keys, the commands that they send, and those
 * that a cluster client needs. Commands are listed one by one because `+@write` includes FLUSHALL.
 */
export const ACCESS = [
  "on",
  "~ringahead:*",
  "~{ringahead:*",
  "resetchannels",
  "-@all",
  ...["+get", "+set", "+eval", "+pexpire", "+time"],
  ...["+hget", "+hmget", "+hset", "+hgetall"],
  ...["+zadd", "+zrem", "+zremrangebyscore", "+zcard", "+zcount", "+zrange", "+zscore"],
  ...["+hello", "+auth", "+ping", "+info", "+select", "+quit", "+readonly"],
  ...["+client|setname", "+client|setinfo", "+client|id"],
  ...["+cluster|slots", "+cluster|shards", "+cluster|nodes", "+cluster|info", "+cluster|myid"],
  ...["+command", "+asking"],
].join(" ");

/** ElastiCache Serverless for Valkey: a cluster, TLS only, one user with one password. */
export class SharedState extends Construct {
  /** The secret with the value of `REDIS_URL`. */
  readonly url: Secret;

  constructor(scope: Construct, id: string, { network }: SharedStateProps) {
    super(scope, id);
    const password = new Secret(this, "Password", {
      description: "Ringahead: password of the shared state",
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // CloudFormation resolves this reference, so the template does not hold the password.
    const value = password.secretValue.unsafeUnwrap();
    const cache = new CfnServerlessCache(this, "Cache", {
      engine: "valkey",
      majorEngineVersion: "8",
      serverlessCacheName: nameOf(USER),
      description: "Ringahead: budgets, conversations and histories that workers share",
      subnetIds: network.vpc.selectSubnets({ subnetType: network.subnetType }).subnetIds,
      securityGroupIds: [network.state.securityGroupId],
      userGroupId: this.#userGroup(value).ref,
      cacheUsageLimits: {
        dataStorage: { maximum: MOST_GB, unit: "GB" },
        ecpuPerSecond: { maximum: MOST_ECPU_PER_SECOND },
      },
    });
    network.state.addIngressRule(network.workers, Port.tcp(PORT), "the workers");
    network.workers.addEgressRule(network.state, Port.tcp(PORT), "the shared state");
    this.url = this.#url(password, cache);
    for (const secret of [password, this.url]) {
      Validations.of(secret).acknowledge({
        id: "AwsSolutions::AwsSolutions-SMG4",
        reason:
          "Random, read by the workers only, and usable from their security group only. Rotation would need a Lambda function in the VPC.",
      });
    }
  }

  /** The group of the one user. */
  #userGroup(password: string): CfnUserGroup {
    const user = new CfnUser(this, "User", {
      engine: "valkey",
      userId: nameOf(USER),
      userName: USER,
      accessString: ACCESS,
      authenticationMode: { Type: "password", Passwords: [password] },
    });
    return new CfnUserGroup(this, "Users", {
      engine: "valkey",
      userGroupId: nameOf(USER, "users"),
      userIds: [user.ref],
    });
  }

  #url(password: Secret, cache: CfnServerlessCache): Secret {
    const url = new Secret(this, "Url", {
      description: "Ringahead: REDIS_URL",
      secretStringValue: password.secretValue,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The construct takes one reference only, and the URL needs two.
    const resource = url.node.defaultChild;
    if (resource === undefined || !("secretString" in resource)) {
      throw new TypeError("the secret has no CloudFormation resource");
    }
    resource.secretString = Fn.join("", [
      `rediss://${USER}:`,
      password.secretValue.unsafeUnwrap(),
      "@",
      cache.attrEndpointAddress,
      `:${PORT}`,
    ]);
    return url;
  }
}

/**
 * A name that is unique in the account, as ElastiCache requires, and short: the parts, then the first part
 * of the stack's id, which is a UUID.
 */
function nameOf(...parts: readonly string[]): string {
  const stackId = Fn.select(2, Fn.split("/", Aws.STACK_ID));
  return Fn.join("-", [...parts, Fn.select(0, Fn.split("-", stackId))]);
}
