import type { FieldDeclaration } from '../mapping/field-declaration.ts';

type Declared = Readonly<Record<string, FieldDeclaration>>;

/** What a system declares of a field; undefined where it has none of that path. */
export function declaredField(fields: Declared, path: string): FieldDeclaration | undefined {
  return Object.hasOwn(fields, path) ? fields[path] : undefined;
}

/** Says that there is no such field, and which one may be meant. */
export function unknownField(system: string, path: string, fields: Declared): string {
  const near = nearest(path, Object.keys(fields));
  return `${system} has no field “${path}”${near === null ? '' : `; did you mean “${near}”?`}`;
}

/** The field that differs only in case, or by at most two letters. */
function nearest(path: string, fields: readonly string[]): string | null {
  if (path.length > 60) return null;
  const ranked = fields.map((field) => ({ field, far: distance(path.toLowerCase(), field.toLowerCase()) }));
  const best = ranked.toSorted((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= 2 && best.far < path.length / 2 ? best.field : null;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
