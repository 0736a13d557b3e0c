import { parseSync, Visitor } from "oxc-parser";
import type { Source } from "./sources.ts";

const MOST_FILE_LINES = 300;
const MOST_FUNCTION_LINES = 60;
const MOST_CLOSURE_LINES = 120;
const MOST_OPTIONS = 7;
/** Names of interfaces that hold what a function or a class is given. */
const OPTIONS = /(?:Options|Deps|Args|Settings)$/;

interface Counted {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  nested: boolean;
}

/**
 * [pure] What is too long in a file: the file, a function, a closure (a function with named functions
 * or methods inside it), an interface of options.
 */
export function tooLong({ path, text }: Source): readonly string[] {
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const found: string[] = [];
  const lines = text.split("\n").length - 1;
  if (lines > MOST_FILE_LINES) found.push(`${path} has ${lines} lines`);

  const open: Counted[] = [];
  const enter = (node: {
    start: number;
    end: number;
    id?: { name: string } | null;
    body?: { type: string } | null;
  }) => {
    const isBlock = node.body?.type === "BlockStatement";
    const parent = open.at(-1);
    if (parent !== undefined && isBlock) parent.nested = true;
    open.push({ start: node.start, end: node.end, name: node.id?.name ?? "", nested: false });
  };
  const exit = () => {
    const node = open.pop();
    if (node === undefined) return;
    const from = lineAt(node.start);
    const length = lineAt(node.end) - from + 1;
    const most = node.nested ? MOST_CLOSURE_LINES : MOST_FUNCTION_LINES;
    if (length <= most) return;
    const kind = node.nested ? "closure" : "function";
    found.push(`${path}: ${kind} ${nameAt(text, node)} has ${length} lines`);
  };
  new Visitor({
    FunctionDeclaration: enter,
    "FunctionDeclaration:exit": exit,
    FunctionExpression: enter,
    "FunctionExpression:exit": exit,
    ArrowFunctionExpression: enter,
    "ArrowFunctionExpression:exit": exit,
    TSInterfaceDeclaration({ id, body }) {
      const members = body.body.length;
      if (OPTIONS.test(id.name) && members > MOST_OPTIONS) {
        found.push(`${path}: ${id.name} has ${members} members`);
      }
    },
  }).visit(parseSync(path, text).program);
  return found;
}

/** A function's own name, or the one that stands before it: `const name = (`, `name(` of a method. */
function nameAt(text: string, { name, start }: Counted): string {
  if (name !== "") return name;
  return /(\w+)\s*(?::|=|)\s*(?:async\s*)?$/.exec(text.slice(0, start))?.[1] ?? "without a name";
}
