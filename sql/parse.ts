// Spark SQL as a plain tree, each node with its place in the text; and where the text is none, in which place and why.
import { CharStreams, CommonTokenStream, type ParseTree, ParserRuleContext, type Token } from "antlr4ng";
import { loadGrammar } from "./grammar";

/** A place in the text, both from 1 on. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Node extends Place {
  /** The grammar's name of it, such as `TableName`; of a single word, `Word`. */
  readonly kind: string;
  /** As it is written, without blanks and comments. */
  readonly text: string;
  readonly children: readonly Node[];
}

export interface Parsed {
  readonly statements: readonly Node[];
  /** Every word and sign, one after the other, without blanks and comments. */
  readonly words: readonly Node[];
  readonly errors: readonly (Place & { readonly message: string })[];
}

export function parse(text: string): Parsed {
  const { SparkSqlLexer, SparkSqlParser } = loadGrammar();
  const errors: (Place & { readonly message: string })[] = [];
  const listener = {
    syntaxError: (_1: unknown, _2: unknown, line: number, column: number, message: string): void => {
      errors.push({ line, column: column + 1, message: message.replace(/ expecting \{.*$/s, "") });
    },
    reportAmbiguity: (): void => undefined,
    reportAttemptingFullContext: (): void => undefined,
    reportContextSensitivity: (): void => undefined,
  };
  const lexer = new SparkSqlLexer(CharStreams.fromString(text));
  lexer.removeErrorListeners();
  lexer.addErrorListener(listener);
  const tokens = new CommonTokenStream(lexer);
  tokens.fill();
  acceptTemp(tokens.getTokens(), SparkSqlParser.KW_TEMPORARY);
  const parser = new SparkSqlParser(tokens);
  parser.removeErrorListeners();
  parser.addErrorListener(listener);
  const { children } = nodeOf(parser.program());
  const statements = children.filter(({ kind }) => kind === "SingleStatement");
  return { statements, words: tokens.getTokens().filter(isWord).map(wordOf), errors };
}

/** Spark takes TEMP for TEMPORARY (SqlBaseLexer.g4); this grammar knows the long word only. */
function acceptTemp(tokens: readonly Token[], temporary: number): void {
  const words = tokens.filter(isWord);
  for (const [index, token] of words.entries()) {
    const before = words[index - 1]?.text?.toUpperCase() ?? "";
    const after = words[index + 1]?.text?.toUpperCase() ?? "";
    if (
      token.text?.toUpperCase() === "TEMP" &&
      /^(CREATE|REPLACE|GLOBAL)$/.test(before) &&
      /^(VIEW|FUNCTION)$/.test(after)
    ) {
      token.type = temporary;
    }
  }
}

function nodeOf(tree: ParseTree): Node {
  if (tree instanceof ParserRuleContext) {
    const place = { line: tree.start?.line ?? 1, column: (tree.start?.column ?? 0) + 1 };
    // Alternatives of a rule have names of their own, which only their classes know.
    const kind = tree.constructor.name.replace(/Context$/, "");
    return { kind, text: tree.getText(), ...place, children: (tree.children ?? []).map(nodeOf) };
  }
  return wordOf((tree as unknown as { readonly symbol: Token }).symbol);
}

/** Neither a comment nor a blank, which are on another channel, nor the end. */
const isWord = ({ channel, type }: Token): boolean => channel === 0 && type >= 0;

function wordOf({ text, line, column }: Token): Node {
  return { kind: "Word", text: text ?? "", line, column: column + 1, children: [] };
}

/** All nodes below, in the order of the text; `enter` says whether to look into one. */
export function* below(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  for (const child of node.children) {
    yield child;
    if (enter(child)) {
      yield* below(child, enter);
    }
  }
}

/** The name as Spark compares it: without back quotes, in lower case. */
export function nameOf({ text }: Node): string {
  return text.replace(/`([^`]*)`/g, "$1").toLowerCase();
}
