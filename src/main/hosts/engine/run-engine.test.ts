import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initWorkspace } from '../../app/workspace/workspace-file.ts';
import { unwrap } from '../problem-error.ts';
import { runEngine } from './run-engine.ts';

it('an engine that is closed while it opens closes what it has opened before it leaves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidsbro-closed-'));
  const url = 'http://127.0.0.1:9';
  unwrap(await initWorkspace(folder, { preset: 'demo', customerpUrl: url, tidsbankenUrl: url }));
  const happened: string[] = [];
  await new Promise<void>((resolve) => {
    const leave = (): void => {
      happened.push('left');
      resolve();
    };
    const hear = runEngine({ tell: ({ is }) => void happened.push(is), leave });
    hear({ do: 'open', workspaceDir: folder, person: 'tester' });
    hear({ do: 'close' });
  });
  expect(happened).toEqual(['open', 'left']);
  await rm(folder, { recursive: true });
});
