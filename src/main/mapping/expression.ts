import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { fail, ok, type Result } from '../../shared/domain.ts';
import { numberText } from './numbers.ts';

/**
 * Conversions of a mapping, in the Common Expression Language (CEL): `value * 100.0`, `value == "N" ? "NO" : value`.
 * Only `value` and `empty` are known. There are no loops, no patterns and no functions that make long texts out of
 * short ones, so the work is bounded by the length of the expression; nothing is ever compiled to code.
 */
export type Plain = string | number | boolean | null;

/** Computes; fails where the expression does not fit the value. The reason never repeats the value (I19). */
export type Compute = (value: Plain) => Result<Plain, string>;

const LONGEST_TEXT = 10_000;
const DIGITS = 12; // 0.07 * 100.0 is 7, not 7.000000000000001
const FUNCTIONS = new Set([
  'size',
  'string',
  'int',
  'double',
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'indexOf',
  'lastIndexOf',
  'substring',
  'replace',
  'padStart',
]);

const environment = new Environment({
  limits: { maxAstNodes: 100, maxDepth: 20, maxListElements: 50, maxMapEntries: 0, maxCallArguments: 3 },
})
  .registerVariable('value', 'dyn')
  .registerVariable('empty', 'dyn')
  .registerFunction('string.replace(string, string): string', (text: string, what: string, by: string) => {
    // Counted before it is built: two replacements could make a text of any length.
    const count = what === '' ? 0 : text.split(what).length - 1;
    if (text.length + count * by.length > LONGEST_TEXT) throw new Error('too long');
    return what === '' ? text : text.replaceAll(what, () => by);
  })
  .registerFunction('string.padStart(int, string): string', (text: string, length: bigint, by: string) => {
    if (length > LONGEST_TEXT) throw new Error('too long');
    return text.padStart(Number(length), by);
  });

const KEPT = 500; // many more than a workspace has; a screen may try out any number
const compiled = new Map<string, Result<Compute, string>>();

/** The expression, ready to compute; fails with what is wrong with it. The same text is parsed once. */
export function compileExpression(text: string): Result<Compute, string> {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const made = parseExpression(text);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(text, made);
  return made;
}

function parseExpression(text: string): Result<Compute, string> {
  try {
    const parsed = environment.parse(text);
    const unknown = unknownIn(parsed.ast);
    if (unknown !== null) return fail(`${unknown} is not known here`);
    const { valid, error } = parsed.check();
    if (!valid) return fail(firstLine(error?.message ?? 'its types do not fit'));
    return ok((value) => computed(() => parsed({ value, empty: null }), value));
  } catch (error) {
    return fail(firstLine(error instanceof Error ? error.message : String(error)));
  }
}

function computed(evaluate: () => unknown, value: Plain): Result<Plain, string> {
  if (typeof value === 'string' && value.length > LONGEST_TEXT) return fail('the value is too long to convert');
  try {
    return plain(evaluate());
  } catch {
    // The library's message may repeat the value.
    return fail('the conversion cannot be computed for this value');
  }
}

function plain(result: unknown): Result<Plain, string> {
  if (result === null || typeof result === 'boolean') return ok(result);
  if (typeof result === 'bigint') return ok(String(result));
  if (typeof result === 'string' && result.length <= LONGEST_TEXT) return ok(result);
  if (typeof result !== 'number') return fail('the conversion gives no plain value');
  const text = numberText(Number(result.toPrecision(DIGITS)));
  return text === null ? fail('the conversion gives no number') : ok(Number(text));
}

/** The first name or form of the expression that is not allowed; null when all are. */
function unknownIn(node: ASTNode): string | null {
  if (node.op === 'value') return null;
  if (node.op === 'id') return node.args === 'value' || node.args === 'empty' ? null : `“${node.args}”`;
  if (node.op === 'call') return unknownCall(node.args[0], node.args[1]);
  if (node.op === 'rcall') return unknownCall(node.args[0], [node.args[1], ...node.args[2]]);
  if (node.op === '!_' || node.op === '-_') return unknownIn(node.args);
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]' || node.op === 'map')
    return `“${node.op}”`;
  return firstUnknown(node.args);
}

const unknownCall = (name: string, nodes: readonly ASTNode[]): string | null =>
  FUNCTIONS.has(name) ? firstUnknown(nodes) : `“${name}()”`;

const firstUnknown = (nodes: readonly ASTNode[]): string | null => {
  for (const node of nodes) {
    const unknown = unknownIn(node);
    if (unknown !== null) return unknown;
  }
  return null;
};

const firstLine = (text: string): string => text.split('\n')[0] ?? text;
