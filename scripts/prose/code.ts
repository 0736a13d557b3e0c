import type { TextlintPluginCreator, TextlintPluginProcessor } from "@textlint/kernel";
import { type Node, parseSync, Visitor } from "oxc-parser";

/** A part of a source file that people read, by its offsets. */
interface Passage {
  readonly start: number;
  readonly end: number;
}

/** Templates in another language: their words are that language's. */
const FOREIGN = /redis\.call|<html/;

/**
 * [pure] What people read in a source file, in order: comments, texts, and the names that it declares
 * (each once). In an HTML page, what stands between tags.
 */
function passagesOf(path: string, source: string): readonly Passage[] {
  if (path.endsWith(".html")) {
    const between = source.matchAll(/(?<=>)[^<>]+(?=<)/g);
    return [...between].map(({ index, 0: text }) => ({ start: index, end: index + text.length }));
  }
  const { program, comments } = parseSync(path, source);
  const found: Passage[] = comments.map(({ start, end }) => ({ start, end }));
  const names = new Set<string>();

  function declared(node: Node | null): void {
    if (node?.type !== "Identifier" || names.has(node.name)) return;
    names.add(node.name);
    found.push({ start: node.start, end: node.start + node.name.length });
  }
  const parameters = ({ params }: { readonly params: readonly Node[] }) => params.forEach(declared);

  new Visitor({
    Literal({ value, start, end }) {
      if (typeof value === "string") found.push({ start, end });
    },
    TemplateElement({ start, end }) {
      if (!FOREIGN.test(source.slice(start, end))) found.push({ start, end });
    },
    VariableDeclarator: ({ id }) => declared(id),
    FunctionDeclaration(node) {
      declared(node.id);
      parameters(node);
    },
    FunctionExpression: parameters,
    ArrowFunctionExpression: parameters,
    ClassDeclaration: ({ id }) => declared(id),
    TSInterfaceDeclaration: ({ id }) => declared(id),
    TSTypeAliasDeclaration: ({ id }) => declared(id),
    TSPropertySignature: ({ key }) => declared(key),
    TSMethodSignature: ({ key }) => declared(key),
  }).visit(program);
  return found.sort((a, b) => a.start - b.start);
}

/** [pure] The same text with blanks for the marks of comments: a phrase may go on in the next line. */
function withoutCommentMarks(source: string, passages: readonly Passage[]): string {
  let text = "";
  for (const { start, end } of passages) {
    const passage = source.slice(start, end);
    const marks = /^\/[/*]+|\*+\/$|(?<=\n)[ \t]*\*/g;
    const isComment = /^\/[/*]/.test(passage);
    const plain = isComment ? passage.replace(marks, (mark) => " ".repeat(mark.length)) : passage;
    text += source.slice(text.length, start) + plain;
  }
  return text + source.slice(text.length);
}

/** The document that textlint expects: a paragraph for each passage. */
function documentOf(text: string, passages: readonly Passage[]) {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const positionOf = (offset: number) => {
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (lineStarts[line] ?? 0) };
  };
  const at = ({ start, end }: Passage) => ({
    raw: text.slice(start, end),
    range: [start, end] as const,
    loc: { start: positionOf(start), end: positionOf(end) },
  });
  const children = passages.map((passage) => {
    const place = at(passage);
    const words = { type: "Str" as const, value: place.raw, ...place };
    return { type: "Paragraph" as const, ...place, children: [words] };
  });
  return { type: "Document" as const, ...at({ start: 0, end: text.length }), children };
}

class CodeProcessor implements TextlintPluginProcessor {
  availableExtensions(): string[] {
    return [".ts", ".js", ".html"];
  }

  processor(): ReturnType<TextlintPluginProcessor["processor"]> {
    return {
      preProcess(source, path = "code.ts") {
        const passages = passagesOf(path, source);
        const text = withoutCommentMarks(source, passages);
        return { text, ast: documentOf(text, passages) };
      },
      postProcess: (messages, filePath = "code.ts") => ({ messages, filePath }),
    };
  }
}

/** Lets textlint read TypeScript, JavaScript and HTML. */
export const codePlugin: TextlintPluginCreator = { Processor: CodeProcessor };
