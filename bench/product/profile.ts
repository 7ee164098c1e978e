import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';

/** Starts a CPU profile; the function given back ends it and writes it to a file. */
export async function startProfile(path: string): Promise<() => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(path, JSON.stringify(profile));
  };
}

interface Share {
  readonly name: string;
  readonly selfMs: number;
  readonly totalMs: number;
}

/** Functions by their own time and by the time under them, ms; recursion is counted once. */
export function sharesOf(profile: Profiler.Profile): Share[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const selfOf = new Map<number, number>();
  (profile.samples ?? []).forEach((id, at) =>
    selfOf.set(id, (selfOf.get(id) ?? 0) + (profile.timeDeltas?.[at] ?? 0) / 1000),
  );
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  const visit = (id: number, above: ReadonlySet<string>, caller: string): number => {
    const node = byId.get(id);
    if (node === undefined) return 0;
    const name = nameOf(node.callFrame, caller);
    const inside = new Set(above).add(name);
    const own = selfOf.get(id) ?? 0;
    const sum = (node.children ?? []).reduce((ms, child) => ms + visit(child, inside, name), own);
    self.set(name, (self.get(name) ?? 0) + own);
    if (!above.has(name)) total.set(name, (total.get(name) ?? 0) + sum);
    return sum;
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root.id, new Set(), '');
  return [...self].map(([name, selfMs]) => ({ name, selfMs, totalMs: total.get(name) ?? 0 }));
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What is not JavaScript has no name: SQLite's calls are told by who made them. */
function nameOf({ functionName, url, lineNumber }: Frame, caller: string): string {
  if (functionName === '' && url === '') return `native, from ${caller}`;
  const file = url.replace(/^.*\/(src|node_modules|bench)\//, '$1/');
  return `${functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${String(lineNumber + 1)}`}`;
}
