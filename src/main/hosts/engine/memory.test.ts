import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ELECTRON_FLAGS, ENGINE_THREAD_LIMITS, NODE_FLAGS, SEMI_SPACE_MB } from './memory.ts';

const MB = 1024 * 1024;

/** Fills the young generation over and over, keeping some of it for a while, and tells how large it has become. */
const CHURN = `
  const v8 = require('node:v8');
  const kept = [];
  for (let n = 0; n < 3_000_000; n++) kept[n % 20_000] = { n, text: 'x' + n };
  const size = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
`;

const inProcess = (flags: readonly string[]): number =>
  Number(execFileSync(process.execPath, [...flags, '-e', `${CHURN}; console.log(size);`], { encoding: 'utf8' }));

const inThread = (resourceLimits: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(`${CHURN}; require('node:worker_threads').parentPort.postMessage(size);`, {
      eval: true,
      resourceLimits,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

describe('the young generation of an engine', () => {
  it('is as small in a thread as in a process, where V8 would take several times as much', async () => {
    const most = 2 * SEMI_SPACE_MB * MB;
    expect(await inThread(ENGINE_THREAD_LIMITS)).toBeLessThanOrEqual(most);
    expect(inProcess(NODE_FLAGS)).toBeLessThanOrEqual(most);
    expect(inProcess([])).toBeGreaterThan(most);
  });

  it('is told to Electron as a switch of Chromium’s, which hands it to V8', () => {
    expect(ELECTRON_FLAGS).toEqual(['--js-flags=--max-semi-space-size=4 --max-old-space-size=2000']);
  });
});
