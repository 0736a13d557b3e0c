import { z } from "zod";

export const httpUrl = z.string().refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return /^https?:$/.test(url?.protocol ?? "") && url?.username === "" && url.search === "";
}, "must be an http or https URL without user name or query");

/** Not parsed as a URL: local SQS servers use hosts that a URL parser refuses. */
export const queueUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+\/\S+$/, "must be the URL of a queue, as SQS returns it");

export function isRedisUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return /^rediss?:$/.test(url?.protocol ?? "") && url?.hostname !== "";
}

/** A secret that a header can carry. */
export const sharedSecret = z
  .string()
  .regex(/^[\x21-\x7e]{16,512}$/, "must be 16 to 512 visible ASCII characters without spaces");

export function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule);
}

export const yesOrNo = z
  .enum(["true", "false", "1", "0"], "must be true or false")
  .transform((value) => value === "true" || value === "1");

/** Values separated by commas, `most` of them at most. */
export function commaList(value: z.ZodType<string, string>, rule: string, most = 100) {
  return z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine(
      (parts) => parts.length <= most && parts.every((part) => value.safeParse(part).success),
      rule,
    );
}

export function isProxyUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return false;
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return false;
  }
  return url.hostname !== "" && url.pathname === "/" && url.search === "" && url.hash === "";
}

export const nonEmpty = z.string().min(1);
