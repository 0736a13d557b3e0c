import { InvalidArgumentError } from "commander";
import { isFieldName } from "../config/customer-fields.ts";
import { variableFault } from "../config/variables.ts";

/** [pure] A parser for one option. @param advice shown for a value that does not match */
function matching(pattern: RegExp, advice: string): (value: string) => string {
  return (value) => {
    if (pattern.test(value)) return value;
    throw new InvalidArgumentError(advice);
  };
}

export const awsAccount = matching(/^\d{12}$/, "Give the account's 12 digits.");
/** Resource Center, "Configure the Amazon EventBridge integration". */
export const suffix = matching(
  /^[\w.-]{1,64}$/,
  "Give up to 64 letters, digits, dots, hyphens and underscores.",
);
export const ownName = matching(
  /^\w[\w .()-]{0,39}$/,
  "Give up to 40 letters, digits, spaces and -._().",
);
export const uuid = matching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, "Give an id (a UUID).");
export const functionArn = matching(
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w-]+)?$/,
  "Give arn:aws:lambda:<region>:<account>:function:<name>.",
);
export const roleArn = matching(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  "Give arn:aws:iam::<account>:role/<name>.",
);
export const secretName = matching(
  /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/,
  "Give the name or the ARN of a secret in Secrets Manager.",
);

/** [pure] Accepts what `AWS_REGION` accepts. */
export function awsRegion(value: string): string {
  const fault = variableFault("AWS_REGION", value);
  if (fault === undefined) return value;
  throw new InvalidArgumentError(`${fault}. The same holds for this option.`);
}

/** [pure] An https URL without user name, query and fragment. */
export function httpsOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const plain = url && url.username + url.password + url.search + url.hash === "";
  if (plain && url.protocol === "https:") return value;
  throw new InvalidArgumentError("Give an https URL without user name, query or fragment.");
}

/** [pure] A TCP port. */
export function port(value: string): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number > 0 && number < 65_536) return number;
  throw new InvalidArgumentError("Give a port, 1 to 65535.");
}

/** [pure] Names of `ORACLE_CUSTOMER_FIELDS`. */
export function fieldNames(value: string): readonly string[] {
  const names = value.split(",").map((name) => name.trim());
  if (names.every(isFieldName)) return names;
  throw new InvalidArgumentError("Give names as in ORACLE_CUSTOMER_FIELDS, separated by commas.");
}
