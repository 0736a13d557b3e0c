/** Thrown if a text is not valid ROQL, or not simulated. */
export class RoqlError extends Error {
  override readonly name = "RoqlError";
}

/** A dotted path in lower case, without alias: `primarycontact.parentcontact.id`. */
export type Path = string;

export type Condition =
  | { readonly kind: "and" | "or"; readonly sides: readonly Condition[] }
  | {
      readonly kind: "compare";
      readonly path: Path;
      readonly operator: "=" | "!=";
      readonly value: string;
    }
  | { readonly kind: "in"; readonly path: Path; readonly values: readonly string[] }
  | { readonly kind: "null"; readonly path: Path; readonly negated: boolean };

/** One statement of a query. */
export type Statement =
  | {
      readonly kind: "select";
      readonly columns: readonly Path[];
      readonly table: string;
      readonly where: Condition | undefined;
      readonly orderBy: { readonly path: Path; readonly descending: boolean } | undefined;
      readonly limit: number | undefined;
      readonly offset: number;
    }
  | { readonly kind: "delete"; readonly table: string };

type TokenKind = "word" | "number" | "text" | "sign";
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<number>\d+)|(?<word>[A-Za-z_][\w.]*)|(?<sign>!=|[=(),;]))/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new RoqlError(`unexpected character at ${at}`);
    for (const kind of ["text", "number", "word", "sign"] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

/**
 * [pure] Parses a query of Connect REST: statements separated by `;`, each a SELECT or DELETE. Names are
 * case-insensitive.
 * @throws {RoqlError}
 */
export function parseRoql(text: string): readonly Statement[] {
  const tokens = tokensOf(text);
  let at = 0;

  const peek = (word: string) => tokens[at]?.text.toUpperCase() === word;
  function take(word: string): boolean {
    if (!peek(word) || tokens[at]?.kind === "text") return false;
    at += 1;
    return true;
  }
  function expect(word: string): void {
    if (!take(word)) {
      throw new RoqlError(`${word} is missing before ${tokens[at]?.text ?? "the end"}`);
    }
  }
  function next(kind: TokenKind): string {
    const token = tokens[at];
    if (token?.kind !== kind) throw new RoqlError(`a ${kind} is missing`);
    at += 1;
    return token.text;
  }
  const whole = () => Number(next("number"));

  function list<T>(item: () => T): T[] {
    const items = [item()];
    while (take(",")) items.push(item());
    return items;
  }

  function value(): string {
    if (tokens[at]?.kind === "number") return next("number");
    return next("text").slice(1, -1).replaceAll("''", "'");
  }

  function comparison(): Condition {
    if (take("(")) {
      const inner = either();
      expect(")");
      return inner;
    }
    const path = next("word");
    if (take("IS")) {
      const negated = take("NOT");
      expect("NULL");
      return { kind: "null", path, negated };
    }
    if (take("IN")) {
      expect("(");
      const values = list(value);
      expect(")");
      return { kind: "in", path, values };
    }
    const operator = next("sign");
    if (operator !== "=" && operator !== "!=") throw new RoqlError(`unknown operator ${operator}`);
    return { kind: "compare", path, operator, value: value() };
  }

  function both(): Condition {
    const sides = [comparison()];
    while (take("AND")) sides.push(comparison());
    return { kind: "and", sides };
  }

  function either(): Condition {
    const sides = [both()];
    while (take("OR")) sides.push(both());
    return { kind: "or", sides };
  }

  function column(): Path {
    const path = next("word");
    if (isReserved(path)) throw new RoqlError(`the reserved word ${path} is not a field`);
    return path;
  }

  function select(): Statement {
    const columns = list(column);
    expect("FROM");
    const table = next("word").toLowerCase();
    const alias = tokens[at]?.kind === "word" && !isReserved(tokens[at]?.text) ? next("word") : "";
    const where = take("WHERE") ? either() : undefined;
    const orderBy = take("ORDER") ? order() : undefined;
    const limit = take("LIMIT") ? whole() : undefined;
    const offset = take("OFFSET") ? whole() : 0;
    const bare = (path: Path) => withoutAlias(path, alias);
    return {
      kind: "select",
      columns: columns.map(bare),
      table,
      where: where && onPaths(where, bare),
      orderBy: orderBy && { ...orderBy, path: bare(orderBy.path) },
      limit,
      offset,
    };
  }

  function order() {
    expect("BY");
    const path = next("word");
    const descending = take("DESC");
    if (!descending) take("ASC");
    return { path, descending };
  }

  function statement(): Statement {
    if (take("SELECT")) return select();
    expect("DELETE");
    expect("FROM");
    const table = next("word").toLowerCase();
    while (at < tokens.length && !peek(";")) at += 1;
    return { kind: "delete", table };
  }

  const statements = [statement()];
  // The last statement may end with a semicolon.
  while (take(";") && at < tokens.length) statements.push(statement());
  if (at < tokens.length) throw new RoqlError(`unexpected ${tokens[at]?.text}`);
  return statements;
}

function isReserved(text: string | undefined): boolean {
  return /^(?:SELECT|DELETE|DISTINCT|FROM|WHERE|AND|OR|NOT|IN|IS|NULL|LIKE|ORDER|BY|ASC|DESC|LIMIT|OFFSET|GROUP|HAVING|INNER|LEFT|JOIN)$/i.test(
    text ?? "",
  );
}

function withoutAlias(path: Path, alias: string): Path {
  const lower = path.toLowerCase();
  const prefix = `${alias.toLowerCase()}.`;
  return alias !== "" && lower.startsWith(prefix) ? lower.slice(prefix.length) : lower;
}

function onPaths(condition: Condition, change: (path: Path) => Path): Condition {
  return "sides" in condition
    ? { ...condition, sides: condition.sides.map((side) => onPaths(side, change)) }
    : { ...condition, path: change(condition.path) };
}
