import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StageWork } from '../../../shared/contract/run-work.ts';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';

const RunDocument = z.looseObject({
  run: z.number(),
  requests: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  work: z.array(StageWork),
});

describe('what a run took', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await openDemo('--customers', '6', '--employees', '3', '--projects', '4', '--seed', '5');
  }, 60_000);
  afterAll(() => demo.close());

  it('stands in sync --json and stays with the run; --profile says where the profile is', async () => {
    const synced = await demo.tidsbro('sync', '--approve', 'all', '--profile', '--json');
    const document = RunDocument.parse(JSON.parse(synced.stdout));
    expect(document.work.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['recover', 'collect', 'apply']));
    for (const side of ['customerp', 'tidsbanken'] as const) {
      const requests = document.work.reduce((sum, { systems }) => sum + systems[side].requests, 0);
      expect(requests, 'each request belongs to one stage').toBe(document.requests[side]);
    }
    const collect = document.work.find(({ stage }) => stage === 'collect');
    expect(collect?.statements).toBeGreaterThan(0);
    expect(collect?.systems.tidsbanken.bytesReceived).toBeGreaterThan(1_000);
    expect(collect?.systems.tidsbanken).toMatchObject({ waits: 0, waitedMs: 0, refused: 0 });

    const profile = join(demo.dir, `profile-run-${String(document.run)}.cpuprofile`);
    expect(synced.stderr).toContain(`The CPU profile of this run is in ${profile}.`);
    expect(JSON.parse(await readFile(profile, 'utf8'))).toMatchObject({ nodes: expect.any(Array) as unknown });

    const shown = await demo.tidsbro('runs', '--run', String(document.run), '--json');
    expect(RunDocument.parse(JSON.parse(shown.stdout))).toEqual(document);
    expect((await demo.tidsbro('runs', '--run', String(document.run))).stdout).toMatch(/^collect +\d+\.\d +\d+\/\d+/m);
  });

  it('a run that is not there is named', async () => {
    expect(await demo.tidsbro('runs', '--run', '99')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no run 99') as unknown,
    });
  });
});
