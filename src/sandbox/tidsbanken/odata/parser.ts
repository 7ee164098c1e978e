import { badRequest } from '../errors.ts';
import { tokenize, type Moment, type Token } from './lexer.ts';

export type Literal =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'moment'; readonly value: Moment };

export type CompareOp = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Expression =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly left: Expression; readonly choices: readonly Literal[] }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression };

const FUNCTIONS = { startswith: 2, endswith: 2, contains: 2, tolower: 1, toupper: 1, trim: 1, length: 1 } as const;
export type FunctionName = keyof typeof FUNCTIONS;

const COMPARE_OPS: readonly CompareOp[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];

export interface OrderTerm {
  readonly name: string;
  readonly descending: boolean;
}

export interface ExpandTerm {
  readonly name: string;
  readonly select: readonly string[];
}

export function parseFilter(source: string): Expression {
  const parser = new Parser(source);
  const expression = parser.either();
  parser.end();
  return expression;
}

/** An empty list means nothing was asked for; `*` stays in the list as itself. */
export function parseSelect(source: string): readonly string[] {
  const parser = new Parser(source);
  const names = parser.names();
  parser.end();
  return names;
}

export function parseOrderBy(source: string): readonly OrderTerm[] {
  const parser = new Parser(source);
  const terms = parser.separated(',', () => ({ name: parser.word(), descending: parser.direction() }));
  parser.end();
  return terms;
}

export function parseExpand(source: string): readonly ExpandTerm[] {
  const parser = new Parser(source);
  const terms = parser.separated(',', () => ({ name: parser.word(), select: parser.nestedSelect() }));
  parser.end();
  return terms;
}

/** Recursive descent, one method a level: or, and, not, comparison, operand. */
class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  either(): Expression {
    let left = this.#both();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#both() };
    return left;
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail();
  }

  word(): string {
    const token = this.#next();
    return token.kind === 'word' ? token.text : this.#fail();
  }

  names(): readonly string[] {
    return this.separated(',', () => (this.#takeMark('*') ? '*' : this.word()));
  }

  direction(): boolean {
    if (this.#takeWord('desc')) return true;
    this.#takeWord('asc');
    return false;
  }

  nestedSelect(): readonly string[] {
    if (!this.#takeMark('(')) return [];
    if (this.word().toLowerCase() !== '$select') this.#fail();
    this.#expectMark('=');
    const names = this.names();
    this.#expectMark(')');
    return names;
  }

  separated<T>(mark: string, read: () => T): T[] {
    const found = [read()];
    while (this.#takeMark(mark)) found.push(read());
    return found;
  }

  #both(): Expression {
    let left = this.#negation();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Expression {
    if (this.#takeWord('not')) return { kind: 'not', inner: this.#negation() };
    return this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#operand();
    if (this.#takeWord('in')) return { kind: 'in', left, choices: this.#choices() };
    const op = this.#compareOp();
    return op === null ? left : { kind: 'compare', op, left, right: this.#operand() };
  }

  #choices(): Literal[] {
    this.#expectMark('(');
    const choices = this.separated(',', () => {
      const operand = this.#operand();
      return operand.kind === 'literal' ? operand.literal : this.#fail();
    });
    this.#expectMark(')');
    return choices;
  }

  #operand(): Expression {
    if (this.#takeMark('(')) {
      const inner = this.either();
      this.#expectMark(')');
      return inner;
    }
    const token = this.#next();
    if (token.kind === 'word') return this.#named(token.text);
    if (token.kind === 'mark') return this.#fail();
    return { kind: 'literal', literal: literalOf(token) };
  }

  #named(text: string): Expression {
    if (text === 'null') return { kind: 'literal', literal: { type: 'null' } };
    if (text === 'true' || text === 'false')
      return { kind: 'literal', literal: { type: 'boolean', value: text === 'true' } };
    return this.#takeMark('(') ? this.#call(text.toLowerCase()) : { kind: 'property', name: text };
  }

  #call(name: string): Expression {
    if (!isFunction(name)) throw badRequest(`An unknown function with name '${name}' was found.`);
    const args = this.separated(',', () => this.either());
    this.#expectMark(')');
    if (args.length !== FUNCTIONS[name]) throw badRequest(`The function '${name}' takes ${FUNCTIONS[name]} arguments.`);
    return { kind: 'call', name, args };
  }

  #compareOp(): CompareOp | null {
    const token = this.#tokens[this.#at];
    const op = token?.kind === 'word' ? COMPARE_OPS.find((known) => known === token.text) : undefined;
    if (op === undefined) return null;
    this.#at++;
    return op;
  }

  #next(): Token {
    return this.#tokens[this.#at++] ?? this.#fail();
  }

  #takeWord(text: string): boolean {
    return this.#take('word', text);
  }

  #takeMark(text: string): boolean {
    return this.#take('mark', text);
  }

  #take(kind: 'word' | 'mark', text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #expectMark(text: string): void {
    if (!this.#takeMark(text)) this.#fail();
  }

  #fail(): never {
    throw badRequest(`Syntax error in '${this.#source}'.`);
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

function literalOf(token: Exclude<Token, { kind: 'word' | 'mark' }>): Literal {
  if (token.kind === 'text') return { type: 'text', value: token.value };
  if (token.kind === 'number') return { type: 'number', value: token.value };
  return { type: 'moment', value: token.value };
}
