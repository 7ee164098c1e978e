import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conflict, editSome } from '../cases/edits.ts';
import { runChild } from '../child.ts';
import type { WindowTask } from '../product/window.ts';
import { Stage } from '../stage.ts';

/** A synced workspace with something to look at on every screen, and what the window's process felt while it was made. */
export interface Prepared {
  readonly dir: string;
  readonly pairs: number;
  readonly adopt: Adopt;
}

/** Delays of the event loop of the process that serves the window, ms. */
export interface Adopt {
  readonly seconds: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

const PENDING = 0.2;
const CONFLICTS = 0.02;
/** Far from the projects that are in conflict, which are the first ones. */
const EDITED_FROM = 0.5;
const FACTS = 'prepared.json';

/**
 * Takes the workspace that stands in `dir`, or makes it: `pairs` adopted, a fifth of them edited in Customerp and
 * planned, a fiftieth edited on both sides. Its two systems are stopped afterwards; no screen needs them.
 */
export async function prepare(dir: string, pairs: number): Promise<Prepared> {
  const facts = join(dir, FACTS);
  if (!existsSync(facts)) {
    const adopt = await make(dir, pairs);
    writeFileSync(facts, JSON.stringify({ pairs, adopt }));
  }
  const found = JSON.parse(readFileSync(facts, 'utf8')) as Omit<Prepared, 'dir'>;
  if (found.pairs !== pairs) throw new Error(`${dir} holds ${String(found.pairs)} pairs, not ${String(pairs)}.`);
  return { dir, ...found };
}

async function make(dir: string, pairs: number): Promise<Adopt> {
  const stage = await Stage.open(pairs, null);
  try {
    const made = await stage.cold();
    const { ms, detail } = await runChild('product/window.ts', { dir: made } satisfies WindowTask);
    await stage.adoptAsLinked(made);
    await editSome(stage.world, 'customerp', Math.round(pairs * PENDING), EDITED_FROM, 'ny');
    await conflict(stage.world, Math.round(pairs * CONFLICTS), 'strid');
    await stage.product(made, { do: 'plan', approve: 'none' });
    rmSync(dir, { recursive: true, force: true });
    cpSync(made, dir, { recursive: true });
    return { seconds: ms / 1000, delayP99Ms: Number(detail['delayP99Ms']), delayMaxMs: Number(detail['delayMaxMs']) };
  } finally {
    await stage.close();
  }
}
