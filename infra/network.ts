import {
  FlowLogDestination,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface NetworkProps {
  readonly natGateways: number;
  readonly flowLogs: LogGroup;
}

const ZONES = 2;

/** Two zones. With NAT gateways, calls have fixed source addresses, which an allow-list at Oracle can hold. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly workers: SecurityGroup;
  readonly state: SecurityGroup;
  readonly subnetType: SubnetType;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const isPrivate = props.natGateways > 0;
    this.subnetType = isPrivate ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PUBLIC;
    const subnets = [
      { name: "public", subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      ...(isPrivate ? [{ name: "workers", subnetType: SubnetType.PRIVATE_WITH_EGRESS }] : []),
    ];
    const vpc = new Vpc(this, "Vpc", {
      maxAzs: ZONES,
      natGateways: props.natGateways,
      subnetConfiguration: subnets,
      // To restrict it, CDK would add a custom resource with a Lambda function.
      restrictDefaultSecurityGroup: false,
    });
    vpc.addFlowLog("Rejected", {
      destination: FlowLogDestination.toCloudWatchLogs(props.flowLogs),
    });
    // CDK's class allows undefined for optional members, its interface does not.
    this.vpc = vpc as IVpc;
    this.workers = new SecurityGroup(this, "Workers", {
      vpc: this.vpc,
      description: "Calls out over TLS; nothing comes in",
      allowAllOutbound: false,
    });
    this.workers.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "Genesys, Oracle and AWS");
    this.state = new SecurityGroup(this, "State", {
      vpc: this.vpc,
      description: "Shared state: the workers alone",
      allowAllOutbound: false,
    });
  }
}
