import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { variables } from "../src/config/variables.ts";

const PAGE = new URL("../docs/reference/configuration.md", import.meta.url);

/** [pure] `docs/reference/configuration.md`, from the table that validates the environment. */
export function configurationPage(): string {
  const rows = Object.entries(variables).map(([name, { meaning, standard, secret }]) => {
    const otherwise =
      standard === undefined ? "**must be set**" : standard === "" ? "" : `\`${standard}\``;
    return `| \`${name}\` | ${meaning}${secret ? " (a secret)" : ""} | ${otherwise} |`;
  });
  return [
    "# Configuration",
    "",
    "All settings are environment variables. They are validated once, before anything connects. The command",
    "lists every invalid variable with its rule and its value, and exits with 2.",
    "`npm run docs` creates this page from the table in `src/config/variables.ts`.",
    "",
    "| variable | meaning | without it |",
    "|---|---|---|",
    ...rows,
    "",
    "A **secret** is never shown. Instead of its value, the variable may have the ARN of a secret in AWS",
    "Secrets Manager, in the form of an ECS task definition:",
    "",
    "- `arn:aws:secretsmanager:…:secret:<name>` if the secret is the value.",
    "- `arn:aws:secretsmanager:…:secret:<name>:<key>::` if the secret is a JSON object.",
    "",
    "The secret is read at start, and again if the other side refuses its value, at most once a minute. So a",
    "rotated secret needs no restart (`secret.changed` in the log). `REDIS_URL` and the secrets of proxy and client",
    "certificate are read only at start. The process needs `secretsmanager:GetSecretValue`, and `kms:Decrypt` if",
    "the secret has its own key.",
    "",
    "AWS credentials come from the default sources of the SDK: a role, or `AWS_ACCESS_KEY_ID` and",
    "`AWS_SECRET_ACCESS_KEY`.",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, configurationPage());
