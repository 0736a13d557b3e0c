import { DEFAULT_DIALECT, type DialectName, dialectNames, dialectOf } from "./dialects.ts";

/** What the configuration reference and its error messages say about the dialects, in Markdown. */
export const dialectTexts = {
  /** Without Markdown, for an error message. */
  names: listed(dialectNames, "or"),
  apis: listed(
    dialectNames.map((name) => `${code(name)} (${dialectOf(name).notes.api})`),
    "or",
  ),
  /** The dialects that need `ORACLE_TOKEN_URL`. */
  needTokenUrl: listed(
    dialectNames.filter((name) => !dialectOf(name).signIn.tokenAtBaseUrl).map(code),
    "and",
  ),
  scopes: noted("scope", (name, scope) => `for ${name} ${scope}`).join(", "),
  customerFields: noted("customerField", (name, field) => `${name}: ${field}`).join("; "),
  /** What `ORACLE_REFERENCE_FIELDS` names unless it is set, and what it may name. */
  referenceFields: dialectNames
    .map((name) => {
      const { notes, referenceField } = dialectOf(name);
      const also = notes.referenceField === undefined ? "" : `, or ${notes.referenceField}`;
      return `${code(name)}: ${referenceField.preset.map((field) => `\`${field}\``).join(" and ")}${also}`;
    })
    .join("; "),
  concurrency: concurrencies(),
};

function listed(words: readonly string[], conjunction: "and" | "or"): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)]
    .filter(Boolean)
    .join(` ${conjunction} `);
}

function noted(
  note: "scope" | "customerField",
  textOf: (name: string, text: string) => string,
): readonly string[] {
  return dialectNames.flatMap((name) => {
    const text = dialectOf(name).notes[note];
    return text === undefined ? [] : [textOf(code(name), text)];
  });
}

/** Each dialect that differs from the default one, then the default. */
function concurrencies(): string {
  const { concurrency: standard } = dialectOf(DEFAULT_DIALECT);
  const others = dialectNames.filter((name) => dialectOf(name).concurrency !== standard);
  const texts = others.map((name) => `${dialectOf(name).concurrency} for ${code(name)}`);
  return [...texts, `${standard} otherwise`].join(", ");
}

function code(name: DialectName): string {
  return `\`${name}\``;
}
