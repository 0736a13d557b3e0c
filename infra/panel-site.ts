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
import { contentSecurityPolicy, neighboursAt } from "../src/panel/policy.ts";

export interface PanelSiteProps {
  /** Of Genesys Cloud's region, as in `mypurecloud.com`. */
  readonly genesysHost: string;
}

/**
 * The agent's panel: files in a private bucket, served over HTTPS with the panel's own policy. The files
 * are put there with `aws s3 sync`: a stack that does it by itself needs a custom resource.
 */
export class PanelSite extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { genesysHost }: PanelSiteProps) {
    super(scope, id);
    const policy = contentSecurityPolicy(neighboursAt(genesysHost));
    this.bucket = new Bucket(this, "Files", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Made by `npm run bundle`, and again at any time; deleted by hand, for it is not empty.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const headers = new ResponseHeadersPolicy(this, "Headers", {
      comment: "Ringahead: who may frame the panel, and whom it talks to",
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
        // The class says "missing or undefined" where its interface says "missing".
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
    site("CFR1", "Agents may be anywhere.");
    site("CFR2", "Three static files that anybody may read: there is nothing to guard.");
    site("CFR3", "Who loads three static files tells nothing.");
    site(
      "CFR4",
      "CloudFront's own name and certificate; with a domain of your own, choose its TLS.",
    );
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions::AwsSolutions-S1",
      reason: "Who loads three static files tells nothing.",
    });
  }
}
