import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitOfAudit } from './audit.ts';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';
import { EXIT } from './exit-codes.ts';

const CLEAN = {
  flow: 'customer-kunde' as const,
  read: { customerp: 1, tidsbanken: 1 },
  links: 1,
  equal: 1,
  accepted: 0,
  different: 0,
  missing: 0,
  notCompared: 0,
  duplicates: 0,
  problem: null,
};
const UNREAD = { kind: 'unreachable', what: '', notDone: '', todo: '' };

it.each([
  ['all equal', { ok: true, flows: [CLEAN] }, EXIT.done],
  ['something differs', { ok: false, flows: [{ ...CLEAN, different: 1 }] }, EXIT.waits],
  ['a side could not be read', { ok: false, flows: [CLEAN, { ...CLEAN, problem: UNREAD }] }, EXIT.failed],
])('audit: %s', (_name, report, code) => expect(exitOfAudit(report)).toBe(code));

describe('backup, restore and audit from the command line', () => {
  let demo: Demo;
  const file = (): string => join(demo.dir, 'by-hand.db');
  beforeAll(async () => {
    demo = await openDemo('--customers', '8', '--employees', '4', '--projects', '4', '--seed', '3');
  });
  afterAll(() => demo.close());

  it('audit tells what it found in one document', async () => {
    await demo.tidsbro('sync', '--approve', 'all');
    const { code, stdout } = await demo.tidsbro('audit', '--json');
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({ flows: [{ problem: null }, {}, {}, {}] });
    expect(report).toHaveProperty('ok', code === EXIT.done);
  });

  it('section 10: the run after a restore is a preview', async () => {
    expect(await demo.tidsbro('backup', file())).toMatchObject({ code: EXIT.done });
    expect(await demo.tidsbro('restore', file(), '--json')).toMatchObject({ code: EXIT.done });
    const { stdout, stderr } = await demo.tidsbro('sync', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'preview', problems: [{ kind: 'restored' }] });
    expect(stderr).toContain('put back from a backup');
  });

  it('a damaged store: doctor and sync name the backup, restore puts it back', async () => {
    await writeFile(join(demo.dir, 'store.db'), 'This is a letter. '.repeat(400));
    for (const command of ['doctor', 'sync']) {
      const { code, stderr } = await demo.tidsbro(command);
      expect(code).toBe(EXIT.failed);
      expect(stderr).toContain(`tidsbro restore ${join(demo.dir, 'backups', 'auto-')}`);
    }
    expect(await demo.tidsbro('restore', file())).toMatchObject({ code: EXIT.done });
    expect(await demo.tidsbro('doctor')).toMatchObject({ code: EXIT.done });
  });

  it('a file that is no backup is refused', async () => {
    const { code, stderr } = await demo.tidsbro('restore', join(demo.dir, 'workspace.yaml'));
    expect(code).toBe(EXIT.failed);
    expect(stderr).toContain('cannot be restored');
  });
});
