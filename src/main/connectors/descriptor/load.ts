import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { Descriptor } from './descriptor.ts';

/**
 * Reads a descriptor from YAML. The problem names the line and the path of everything that is wrong; kinds
 * `badDescriptor` only. `name` is what the operator calls the file.
 */
export function loadDescriptor(text: string, name: string): Result<Descriptor, Problem> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return fail(
      badDescriptor(
        name,
        document.errors.map((e) => `line ${lines.linePos(e.pos[0]).line}: ${e.message}`),
      ),
    );
  }
  const parsed = Descriptor.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return ok(parsed.data);
  const faults = parsed.error.issues.flatMap(faultsOf);
  return fail(
    badDescriptor(
      name,
      faults.map(({ path, what }) => `line ${lineOf(document, lines, path)}: ${path.join('.')}: ${what}`),
    ),
  );
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

// An unknown key is reported for the map around it; the operator looks for the key itself.
function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], what: 'unknown key' }));
  return [{ path, what: issue.message }];
}

/** The line of the deepest part of the path that stands in the text; a missing key is found at the map it belongs to. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let at = rangeStart(node);
  for (const step of path) {
    const pair = isMap(node) ? node.items.find((item) => keyText(item.key) === String(step)) : undefined;
    const next: unknown = pair === undefined ? childAt(node, step) : pair.value;
    if (pair === undefined && next === undefined) break;
    at = rangeStart(pair?.key ?? next) ?? at;
    node = next;
  }
  return at === null ? 1 : lines.linePos(at).line;
}

const childAt = (node: unknown, step: string | number): unknown =>
  typeof step === 'number' && isObject(node) && Array.isArray(node['items'])
    ? (node['items'] as unknown[])[step]
    : undefined;
const keyText = (key: unknown): string => (isObject(key) && 'value' in key ? String(key['value']) : String(key));
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function rangeStart(node: unknown): number | null {
  const range: unknown = isObject(node) ? node['range'] : null;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null;
}

/** The problem of a descriptor that cannot be used. */
export const badDescriptor = (name: string, faults: readonly string[]): Problem => ({
  kind: 'badDescriptor',
  what: `The descriptor ${name} cannot be used: ${faults.join('; ')}.`,
  notDone: 'No connection was made.',
  todo: 'Correct the lines named here.',
});
