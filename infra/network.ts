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

/** Two zones. With NAT gateways, calls come from fixed addresses, which an allow-list at Oracle can name. */
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
      // Its custom resource would need a Lambda function of CDK's own.
      restrictDefaultSecurityGroup: false,
    });
    vpc.addFlowLog("Rejected", {
      destination: FlowLogDestination.toCloudWatchLogs(props.flowLogs),
    });
    // The class says "missing or undefined" where its interface says "missing".
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
