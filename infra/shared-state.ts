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
 * What a worker may do in the shared state: its own keys, the commands that it sends, and those that
 * a client of a cluster needs to find its way. No KEYS, no FLUSHALL, no CONFIG. (`+@write` would
 * have let FLUSHALL in.)
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
  /** Holds the whole `REDIS_URL`. */
  readonly url: Secret;

  constructor(scope: Construct, id: string, { network }: SharedStateProps) {
    super(scope, id);
    const password = new Secret(this, "Password", {
      description: "Ringahead: the password of the shared state",
      generateSecretString: { excludePunctuation: true, passwordLength: 40 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Resolved by CloudFormation, so that it stands neither in the template nor in a parameter.
    const value = password.secretValue.unsafeUnwrap();
    const user = new CfnUser(this, "User", {
      engine: "valkey",
      userId: Fn.join("-", [USER, Fn.select(0, Fn.split("-", stackSuffix()))]),
      userName: USER,
      accessString: ACCESS,
      authenticationMode: { Type: "password", Passwords: [value] },
    });
    const group = new CfnUserGroup(this, "Users", {
      engine: "valkey",
      userGroupId: Fn.join("-", [USER, "users", Fn.select(0, Fn.split("-", stackSuffix()))]),
      userIds: [user.ref],
    });
    const cache = new CfnServerlessCache(this, "Cache", {
      engine: "valkey",
      majorEngineVersion: "8",
      serverlessCacheName: Fn.join("-", [USER, Fn.select(0, Fn.split("-", stackSuffix()))]),
      description: "Ringahead: budgets, conversations and histories that workers share",
      subnetIds: network.vpc.selectSubnets({ subnetType: network.subnetType }).subnetIds,
      securityGroupIds: [network.state.securityGroupId],
      userGroupId: group.ref,
      cacheUsageLimits: {
        dataStorage: { maximum: MOST_GB, unit: "GB" },
        ecpuPerSecond: { maximum: MOST_ECPU_PER_SECOND },
      },
    });
    network.state.addIngressRule(network.workers, Port.tcp(PORT), "the workers");
    network.workers.addEgressRule(network.state, Port.tcp(PORT), "the shared state");
    this.url = new Secret(this, "Url", {
      description: "Ringahead: REDIS_URL",
      secretStringValue: password.secretValue,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const secret of [password, this.url]) {
      Validations.of(secret).acknowledge({
        id: "AwsSolutions::AwsSolutions-SMG4",
        reason:
          "Reachable by the workers' security group alone, made at random, read by nobody else; rotation would need a Lambda function in the network.",
      });
    }
    // The construct takes one value only; the URL is made of two.
    const resource = this.url.node.defaultChild;
    if (resource === undefined || !("secretString" in resource)) {
      throw new TypeError("the secret has no resource of its own");
    }
    resource.secretString = Fn.join("", [
      `rediss://${USER}:`,
      value,
      "@",
      cache.attrEndpointAddress,
      `:${PORT}`,
    ]);
  }
}

/** The stack's own id, a UUID: names in ElastiCache are the account's, and short. */
function stackSuffix(): string {
  return Fn.select(2, Fn.split("/", Aws.STACK_ID));
}
