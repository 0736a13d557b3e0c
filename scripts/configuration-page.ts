import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { variables } from "../src/config/variables.ts";

const PAGE = new URL("../docs/reference/configuration.md", import.meta.url);

/** [pure] `docs/reference/configuration.md`, out of the table that the worker checks itself by. */
export function configurationPage(): string {
  const rows = Object.entries(variables).map(([name, { meaning, defaultText, secret }]) => {
    const otherwise =
      defaultText === undefined
        ? "**must be set**"
        : defaultText === ""
          ? ""
          : `\`${defaultText}\``;
    return `| \`${name}\` | ${meaning}${secret ? " (a secret)" : ""} | ${otherwise} |`;
  });
  return [
    "# Configuration",
    "",
    "Everything is an environment variable. They are checked once, before anything connects; every",
    "mistake is listed by name, with the rule and the value, and the command exits with 2.",
    "This page is made from the table in `src/config/variables.ts`: `npm run docs`.",
    "",
    "| variable | meaning | without it |",
    "|---|---|---|",
    ...rows,
    "",
    "A **secret** is never shown. Instead of its value, the variable may hold the ARN of a secret in AWS",
    "Secrets Manager, as an ECS task definition writes it: `arn:aws:secretsmanager:…:secret:<name>` where the",
    "secret is the value, `arn:aws:secretsmanager:…:secret:<name>:<key>::` where it is a JSON object. It is",
    "fetched at start, and again when the other side refuses its value, once a minute at most: a secret that",
    "was rotated is picked up without a restart (`secret.changed` in the log). `REDIS_URL` and the secrets of",
    "proxy and client certificate are fetched at start only. The process needs `secretsmanager:GetSecretValue`,",
    "and `kms:Decrypt` where the secret has a key of its own.",
    "",
    "AWS credentials come from the SDK's usual places: a role, or `AWS_ACCESS_KEY_ID` and",
    "`AWS_SECRET_ACCESS_KEY`.",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, configurationPage());
