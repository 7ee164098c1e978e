import { runChild } from '../child.ts';
import type { Measured } from '../child.ts';
import { alternate, atMost, medianMs } from '../measure.ts';
import type { Figure, Turns } from '../measure.ts';
import type { ScreenTask } from '../product/screens.ts';
import type { WindowTask } from '../product/window.ts';
import type { Stage } from '../stage.ts';
import { editSome } from './edits.ts';

async function screen(
  stage: Stage,
  turns: Turns,
  dir: string,
  see: ScreenTask['see'],
): Promise<Pick<Figure, 'product' | 'floor'>> {
  // One project has this number, so that nothing is found early by luck.
  const task: ScreenTask = { dir, see, find: 'p2023-0007' };
  const run = (program: string): Promise<Measured> => runChild(program, task);
  return alternate(
    turns,
    () => run('floors/screens.ts'),
    () => run('product/screens.ts'),
  );
}

/** From the open workspace to the overview's data; the window's own share is measured in a browser. */
export async function openWorkspace(stage: Stage, turns: Turns): Promise<Figure> {
  const found = await screen(stage, turns, await stage.linked(), 'open');
  return {
    name: 'open a workspace',
    size: stage.size,
    ...found,
    goal: atMost('≤ 1.0 s to data on screen', medianMs(found.product) / 1000, 1),
    notes: ['store opened and checked, overview answered, without a window; floor: SQLite opened, one row read'],
  };
}

export async function search(stage: Stage, turns: Turns): Promise<Figure> {
  const found = await screen(stage, turns, await stage.linked(), 'search');
  return {
    name: 'search, first 50',
    size: stage.size,
    ...found,
    goal: null,
    notes: ['floor: one LIKE over the same records'],
  };
}

/** 1 % of the pairs are waiting in Review. */
export async function review(stage: Stage, turns: Turns): Promise<Figure> {
  const dir = await stage.linked();
  await editSome(stage.world, 'customerp', Math.round(stage.size / 100), 0.7, `${String(process.pid)}-review`);
  await stage.product(dir, { do: 'plan', approve: 'none' });
  const found = await screen(stage, turns, dir, 'review');
  await stage.settle();
  return {
    name: 'Review, first 50',
    size: stage.size,
    ...found,
    goal: null,
    notes: ['changes and the counts of mismatches; floor: 50 rows of the changes'],
  };
}

const FREEZE_P99_MS = 30;
const FREEZE_MAX_MS = 100;

/** A whole first sync with the engine where the web host has it, and a window that looks on. */
export async function windowDelay(stage: Stage, turns: Turns): Promise<Figure> {
  const product: Measured[] = [];
  const begunAt = performance.now();
  do {
    const dir = await stage.cold();
    product.push(await runChild('product/window.ts', { dir } satisfies WindowTask));
  } while (product.length < Math.min(turns.pairs, 2) && performance.now() - begunAt < turns.withinMs);
  const of = (name: string): number => Math.max(...product.map(({ detail }) => Number(detail[name])));
  const [p99, max] = [of('delayP99Ms'), of('delayMaxMs')];
  return {
    name: 'window’s event loop during adopt',
    size: stage.size,
    product,
    floor: [],
    goal: { text: 'p99 ≤ 30 ms, max ≤ 100 ms', value: max, met: p99 <= FREEZE_P99_MS && max <= FREEZE_MAX_MS },
    notes: [
      `delay p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms, of which the process itself worked ${of('delayMaxOwnMs').toFixed(1)} ms at most in one turn; an overview is answered within ${of('answerP99Ms').toFixed(0)} ms (p99), ${of('answerMaxMs').toFixed(0)} ms (max)`,
    ],
  };
}
