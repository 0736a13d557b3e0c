/** One comparison of a rowmatch condition. */
export interface Comparison {
  readonly attribute: string;
  /** Whether the attribute stands in `upper()`. */
  readonly upper: boolean;
  readonly values: readonly string[];
}

/** Thrown if `q` is not in rowmatch form, or not simulated. */
export class RowMatchError extends Error {
  override readonly name = "RowMatchError";
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_]\w*)|(-?\d+)|(<>|<=|>=|[=<>(),]))/y;

/**
 * [pure] Parses the part of rowmatch that compares attributes with literals, joined by `or` or by `and`
 * (Oracle Fusion REST, "Filtering with the q parameter").
 * @throws {RowMatchError}
 */
export function parseRowMatch(text: string): {
  readonly joinedBy: "or" | "and";
  readonly comparisons: readonly Comparison[];
} {
  const tokens = tokensOf(text);
  let at = 0;
  const take = () => tokens[at++] ?? "";
  function literal(): string {
    const token = take();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^-?\d+$/.test(token)) return token;
    throw new RowMatchError(`expected a literal, got "${token}"`);
  }
  function sign(expected: string): void {
    if (take() !== expected) throw new RowMatchError(`expected ${expected}`);
  }
  function operand(): Pick<Comparison, "attribute" | "upper"> {
    const first = take();
    const upper = first.toLowerCase() === "upper" && tokens[at] === "(";
    if (upper) sign("(");
    const attribute = upper ? take() : first;
    if (upper) sign(")");
    if (!/^[A-Za-z_]\w*$/.test(attribute)) throw new RowMatchError("expected an attribute");
    return { attribute, upper };
  }
  function comparison(): Comparison {
    const { attribute, upper } = operand();
    const operator = take().toLowerCase();
    if (operator === "=") return { attribute, upper, values: [literal()] };
    if (operator !== "in") throw new RowMatchError(`the operator ${operator} is not simulated`);
    sign("(");
    const values = [literal()];
    for (let next = take(); next !== ")"; next = take()) {
      if (next !== ",") throw new RowMatchError("expected , or ) in a list");
      values.push(literal());
    }
    return { attribute, upper, values };
  }
  const comparisons = [comparison()];
  const joins = new Set<string>();
  while (at < tokens.length) {
    const join = take().toLowerCase();
    if (join !== "or" && join !== "and") throw new RowMatchError(`unexpected "${join}"`);
    joins.add(join);
    comparisons.push(comparison());
  }
  if (joins.size > 1) throw new RowMatchError("or together with and is not simulated");
  return { joinedBy: joins.has("and") ? "and" : "or", comparisons };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const [, ...kinds] = TOKEN.exec(text) ?? [];
    const token = kinds.find((kind) => kind !== undefined);
    if (token === undefined) {
      throw new RowMatchError(`unexpected text ${text.slice(from, from + 9)}`);
    }
    tokens.push(token);
  }
  return tokens;
}
