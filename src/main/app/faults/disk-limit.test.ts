import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.ts';
import { Journal } from '../../store/journal.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import { Errands } from './full-disk.suite.ts';

/**
 * The disk itself refuses: each file of the process may grow to so many blocks and no further, as on a full disk. The
 * write that does not fit fails for real, in whatever file and at whatever step it is.
 */

const CLI = resolve('src/main/hosts/cli/index.ts');
const PRESET = { customers: 40, employees: 6, projects: 6, overlap: 0.8, differ: 0, dirt: 0, seed: 5 } as const;
/** What `ulimit -f` of a POSIX shell counts in, bytes. */
const BLOCK = 512;
const PAGE = 4096;
/** Every four pages with DISK=all, and a few sizes else: each is two starts of the program. */
const STEP = (process.env['DISK'] === 'all' ? 4 : 40) * PAGE;
const FIRST = 8 * PAGE;

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

let world: AppOnSandbox;
let errands: Errands;
const store = (): string => join(world.dir, 'store.db');

beforeAll(async () => {
  world = await AppOnSandbox.start(PRESET);
  errands = await Errands.on(world);
}, 60_000);
afterAll(() => world.stop());

function run(program: string, args: readonly string[], as: { uid?: number; gid?: number } = {}): Promise<Ended> {
  return new Promise((resolve_) => {
    const child = spawn(program, args, { ...as, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    child.once('close', (code) => resolve_({ code, said }));
  });
}

/** The CLI, whose files may not grow beyond `bytes`. */
const limited = (bytes: number, ...command: string[]): Promise<Ended> =>
  run('sh', [
    '-c',
    `trap '' XFSZ; ulimit -f ${String(Math.floor(bytes / BLOCK))}; exec "$@"`,
    'sh',
    process.execPath,
    CLI,
    ...command,
    '--workspace',
    world.dir,
  ]);

async function expectSound(): Promise<void> {
  const opened = openDatabase(store());
  if (!opened.ok) throw new Error(opened.failure.what);
  expect(opened.value.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(await new Journal(opened.value, Date.now).firstBrokenRow()).toBeNull();
  opened.value.close();
}

describe.skipIf(process.platform === 'win32')('section 10: a disk that is full', () => {
  it('I8, I16: at each size: told, nothing corrupt, nothing sent unannounced, and completed once there is room', async () => {
    let failed = 0;
    let isWhole = false;
    for (let bytes = FIRST, round = 0; !isWhole; bytes += STEP, round++) {
      await errands.make(round);
      await world.app.close();
      const { code, said } = await limited(bytes, 'sync', '--approve', 'all');
      isWhole = code !== 1 && said.includes(' done in ');
      failed += isWhole ? 0 : 1;
      // What happened, in the words of the disk.
      expect(said).toMatch(isWhole ? / done in / : /\bdisk\b/i);
      await expectSound();
      await world.reopen();
      expect(await errands.announced(), `${String(bytes)} bytes`).toBeGreaterThanOrEqual(await errands.arrived());
      await world.sync('all', { wait: true });
      await world.sync('all', { wait: true });
      expect(await errands.wrong()).toEqual([]);
      if (bytes > 50 * 1024 * 1024) throw new Error('it never fitted');
    }
    console.log(`Disk full at ${String(failed)} sizes`);
    expect(failed).toBeGreaterThan(2);
  }, 900_000);

  it('Z10: a backup that does not fit leaves the good ones as they are, and no half file', async () => {
    const folder = join(world.dir, 'backups');
    mkdirSync(folder, { recursive: true });
    const good = join(folder, 'by-hand.db');
    await world.app.backUp(good);
    const before = readFileSync(good);
    const names = readdirSync(folder);
    await world.app.close();
    const { code, said } = await limited(statSync(good).size - PAGE, 'backup', join(folder, 'next.db'));
    expect(code).not.toBe(0);
    expect(said).toMatch(/The backup to .*next\.db failed/);
    expect(said).toMatch(/No backup was written/);
    expect(readdirSync(folder)).toEqual(names);
    expect(readFileSync(good).equals(before)).toBe(true);
    await expectSound();
    await world.reopen();
  }, 60_000);
});

/** Who may not write: root may everything, so it takes somebody else's part where it can. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const canRun = process.platform !== 'win32' && spawnSync(process.execPath, ['-e', ''], nobody).status === 0;

const give = (path: string): void => {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
};

describe.skipIf(!canRun)('section 10: a place that may not be written', () => {
  it.each(['the folder', 'the store'])(
    '%s is read-only: one sentence, nothing sent, and it works again afterwards',
    async (what) => {
      await errands.make(what === 'the store' ? 501 : 502);
      await world.app.close();
      const before = await errands.arrived();
      for (const name of readdirSync(world.dir)) give(join(world.dir, name));
      give(world.dir);
      if (what === 'the folder') chmodSync(world.dir, 0o555);
      else chmodSync(store(), 0o444);
      const { code, said } = await run(
        process.execPath,
        [CLI, 'sync', '--approve', 'all', '--workspace', world.dir],
        nobody,
      );
      chmodSync(world.dir, 0o755);
      chmodSync(store(), 0o600);
      expect(code).not.toBe(0);
      expect(said).toMatch(/you may write|read-?only/i);
      expect(await errands.arrived()).toBe(before);
      await expectSound();
      await world.reopen();
      await world.sync('all', { wait: true });
      await world.sync('all');
      expect(await errands.wrong()).toEqual([]);
    },
    60_000,
  );

  it('a new workspace in a place that may not be written is refused', async () => {
    const dir = join(world.dir, 'closed');
    mkdirSync(dir);
    writeFileSync(join(dir, 'workspace.yaml'), readFileSync(join(world.dir, 'workspace.yaml')));
    for (const path of [join(dir, 'workspace.yaml'), dir]) give(path);
    chmodSync(dir, 0o555);
    const { code, said } = await run(process.execPath, [CLI, 'sync', '--workspace', dir], nobody);
    chmodSync(dir, 0o755);
    expect(code).not.toBe(0);
    expect(said).toMatch(/you may write|read-?only/i);
    expect(readdirSync(dir)).toEqual(['workspace.yaml']);
  }, 60_000);
});
