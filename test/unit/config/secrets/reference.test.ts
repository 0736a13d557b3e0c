import { describe, expect, it } from "vitest";
import { isArn, readReference } from "../../../../src/config/secrets/reference.ts";

const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ringahead/oracle-AbCdEf";
const whole = { arn: ARN, region: "eu-central-1" };

describe("the ARN of a secret", () => {
  it.each([
    ["", {}],
    [":client_secret::", { jsonKey: "client_secret" }],
    [":client_secret:AWSPREVIOUS:", { jsonKey: "client_secret", versionStage: "AWSPREVIOUS" }],
    ["::AWSCURRENT:", { versionStage: "AWSCURRENT" }],
    [":key::5b0c", { jsonKey: "key", versionId: "5b0c" }],
  ])("may end in %j, as in an ECS task definition", (end, more) => {
    expect(readReference(`${ARN}${end}`)).toEqual({ ...whole, ...more });
  });

  it("may be of China or GovCloud", () => {
    const arn = ARN.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-central", "us-gov-west");
    expect(readReference(arn)?.region).toBe("us-gov-west-1");
  });

  it.each([
    "arn:aws:ssm:eu-central-1:111122223333:parameter/oracle",
    `${ARN}:client_secret`,
    `${ARN}:a:b:c:d`,
    ARN.replace("111122223333", "1"),
    "arn:aws:secretsmanager:eu-central-1:111122223333:secret:",
  ])("%s is none", (value) => {
    expect(isArn(value)).toBe(true);
    expect(readReference(value)).toBeUndefined();
  });

  it("is not what a secret looks like", () => {
    expect(isArn("s3cret:arn:aws")).toBe(false);
  });
});
