import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import {
  Distribution,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { contentSecurityPolicy, originsAt } from "../src/panel/policy.ts";

export interface PanelSiteProps {
  /** The host of the Genesys Cloud region: `mypurecloud.com`. */
  readonly genesysHost: string;
}

/**
 * The agent's panel: files in a private bucket, served over HTTPS with the panel's own policy. Upload the
 * files with `aws s3 sync`: the stack would need a custom resource for it.
 */
export class PanelSite extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { genesysHost }: PanelSiteProps) {
    super(scope, id);
    const policy = contentSecurityPolicy(originsAt(genesysHost));
    this.bucket = new Bucket(this, "Files", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // CloudFormation cannot delete a bucket with files. `npm run bundle` can make them again.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const headers = new ResponseHeadersPolicy(this, "Headers", {
      comment: "Ringahead: origins that may frame the panel and that it may call",
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
    });
    this.distribution = new Distribution(this, "Site", {
      comment: "Ringahead: the agent's panel",
      defaultRootObject: "index.html",
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        // CDK's class allows undefined for optional members, its interface does not.
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: headers,
      },
    });
    this.#acknowledge();
  }

  #acknowledge(): void {
    const site = (id: string, reason: string) =>
      Validations.of(this.distribution).acknowledge({
        id: `AwsSolutions::AwsSolutions-${id}`,
        reason,
      });
    site("CFR1", "Agents may work in any country.");
    site("CFR2", "Three static, public files need no firewall.");
    site("CFR3", "Access logs of three static, public files have no use.");
    site("CFR4", "The site uses CloudFront's own certificate, which fixes the TLS version.");
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions::AwsSolutions-S1",
      reason: "Access logs of three static, public files have no use.",
    });
  }
}
