import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBeside } from '../../hosts/engine/check-beside.ts';
import type { StoreFault } from '../../store/inspect.ts';
import type { StagedRecord } from '../../store/records.ts';
import { openStore } from '../../store/store.ts';
import { initWorkspace } from '../workspace/workspace-file.ts';
import { openBeside } from './open-beside.ts';
import type { CheckBeside, OpenedApp } from './open-beside.ts';

const PAGE = 4096;
const RECORDS = 300;

let dir: string;
let path: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tidsbro-beside-'));
  path = join(dir, 'store.db');
  const urls = { customerpUrl: 'http://127.0.0.1:1', tidsbankenUrl: 'http://127.0.0.1:2' };
  const made = await initWorkspace(dir, { preset: 'demo', ...urls });
  if (!made.ok) throw new Error(made.failure.what);
  // What the first opening of a workspace keeps in its store is kept.
  await (await open(checkBeside, Number.MAX_SAFE_INTEGER)).close();
  const store = openStore(path, () => 1);
  if (!store.ok) throw new Error(store.failure.what);
  for (let n = 0; n < RECORDS; n++) await store.value.records.refresh('customer', 'customerp', record(n), 1);
  store.value.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const record = (n: number): StagedRecord => ({
  nativeId: `c${String(n)}`,
  props: { name: 'x'.repeat(200) },
  spellings: {},
  invalid: [],
  keys: [],
  digest: String(n),
  modifiedAt: null,
  label: `Kunde ${String(n)}`,
  number: String(n),
  search: `kunde ${String(n)}`,
});

async function open(check: CheckBeside, fromBytes = 0): Promise<OpenedApp> {
  const opened = await openBeside({ workspaceDir: dir, env: {}, person: 'kari' }, check, fromBytes);
  if (!opened.ok) throw new Error(opened.failure.what);
  return opened.value;
}

/** A check that ends when the test says so. */
function held() {
  const verdict = Promise.withResolvers<StoreFault | null>();
  const check: CheckBeside = (_task, hear, signal) => {
    hear({ read: 1, of: 4 });
    signal.addEventListener('abort', () => verdict.reject(new Error('given up')), { once: true });
    return verdict.promise;
  };
  return { check, end: verdict.resolve, fail: verdict.reject };
}

const KUNDE = ['customer-kunde', 'customerp', 'c1'] as const;

/** Every call by which a window could sync, decide or write. */
const DEEDS: Record<string, (app: OpenedApp) => Promise<unknown>> = {
  startRun: (app) => app.service().startRun({ do: 'sync', approve: 'safe' }),
  audit: (app) => app.service().audit({ limit: 10 }),
  decideAllChanges: (app) => app.service().decideAllChanges({}, 'approve', 0),
  decideAllMismatches: (app) => app.service().decideAllMismatches({}, 'later', 0),
  link: (app) => app.service().link('customer-kunde', 'c1', '1'),
  relink: (app) => app.service().relink('customer-kunde', 'c1', '1'),
  setAside: (app) => app.service().setAside(...KUNDE, true),
  unlink: (app) => app.service().unlink(1),
  setDirection: (app) => app.service().setDirection(1, 'off'),
  proposeUndo: (app) => app.service().proposeUndo({ run: 1 }),
  'mapping.save': (app) => app.service().mapping.save({ flow: 'customer-kunde', edits: {} }, '', []),
  'checklists.restore': (app) => app.service().checklists.restore(),
  backUp: (app) => app.service().backUp(join(dir, 'copy.db')),
  'portable.write': (app) => app.service().portable.write(join(dir, 'review'), 'a long passphrase'),
  'portable.merge': (app) => app.service().portable.merge(join(dir, 'review'), 'a long passphrase'),
};

async function expectOnlyLooking(app: OpenedApp, why: string): Promise<void> {
  const shown = await app.service().records({}, { offset: 0, limit: 10 });
  expect(shown.total, 'what the store says is shown').toBe(RECORDS);
  for (const [name, deed] of Object.entries(DEEDS))
    expect({ [name]: await deed(app) }).toMatchObject({ [name]: { ok: false, failure: { facts: { why } } } });
  for (const outcome of [
    await app.service().decideChanges([7], 'approve'),
    await app.service().decideMismatches([7], { take: 'later' }),
  ])
    expect(outcome).toMatchObject({ decided: 0, refused: [{ itemId: '7', problem: { facts: { why } } }] });
}

/** A page of zeros at the end: nothing that opening looks at. */
function spoil(): Buffer {
  const bytes = readFileSync(path);
  bytes.fill(0, bytes.length - PAGE);
  writeFileSync(path, bytes);
  return bytes;
}

describe('section 10: while the pages are being checked', () => {
  it('data is shown, how far the check is, and nothing else is done', async () => {
    const before = readFileSync(path);
    const { check, end } = held();
    const app = await open(check);
    expect((await app.service().overview()).store).toEqual({ state: 'checking', done: 0.25 });
    await expectOnlyLooking(app, 'storeChecking');
    expect(readFileSync(path).equals(before), 'the store is as it was').toBe(true);
    end(null);
    await app.checked;
    expect((await app.service().overview()).store).toBeUndefined();
    expect(await app.service().setAside(...KUNDE, true)).toMatchObject({ ok: true });
    await app.close();
  });

  it('a window that follows the progress hears of the runs that come after it', async () => {
    const { check, end } = held();
    const app = await open(check);
    const leaving = new AbortController();
    const heard = app.service().progress(leaving.signal);
    expect(await heard.next()).toEqual({ done: false, value: null });
    const next = heard.next();
    end(null);
    expect(await next, 'from the service that may run').toEqual({ done: false, value: null });
    leaving.abort();
    await app.close();
  });

  it('the app may be closed', async () => {
    const app = await open(held().check);
    await app.close();
    expect(await app.checked).toMatchObject({ ok: false });
    const again = openStore(path, () => 1);
    expect(again.ok, 'and opened again').toBe(true);
    if (again.ok) again.value.close();
  });
});

describe('section 10: a failed check means no sync, only restore', () => {
  it('a page of zeros is found beside, and everything but looking stays refused', async () => {
    const before = spoil();
    const app = await open(checkBeside);
    const checked = await app.checked;
    expect(checked).toMatchObject({ ok: false, failure: { kind: 'storeDamaged', todo: expect.any(String) as string } });
    expect((await app.service().overview()).store).toMatchObject({
      state: 'damaged',
      problem: { kind: 'storeDamaged' },
    });
    await expectOnlyLooking(app, 'storeDamaged');
    await app.close();
    expect(readFileSync(path).equals(before), 'it is left as it was').toBe(true);
  });

  it('nor is one used whose check could not be made', async () => {
    const { check, fail } = held();
    const app = await open(check);
    fail(new Error('the disk does not answer'));
    expect(await app.checked).toMatchObject({ ok: false, failure: { kind: 'storeUnusable' } });
    await expectOnlyLooking(app, 'storeDamaged');
    await app.close();
  });

  it('what cannot even be looked at is not opened', async () => {
    writeFileSync(path, 'This is a letter. '.repeat(500));
    const opened = await openBeside({ workspaceDir: dir, env: {}, person: 'kari' }, checkBeside, 0);
    expect(opened).toMatchObject({ ok: false, failure: { kind: 'storeDamaged' } });
  });
});

describe('a sound store', () => {
  it('is checked in a thread, which tells how far it is', async () => {
    const news: number[] = [];
    const app = await open((task, hear, signal) =>
      checkBeside(
        task,
        (heard) => {
          news.push(heard.read / heard.of);
          hear(heard);
        },
        signal,
      ),
    );
    expect(await app.checked).toEqual({ ok: true, value: null });
    expect(news.at(-1)).toBe(1);
    await app.close();
  });

  it('that is small is checked before it is shown', async () => {
    const app = await open(() => Promise.reject(new Error('not asked')), Number.MAX_SAFE_INTEGER);
    expect((await app.service().overview()).store).toBeUndefined();
    await app.close();
  });
});
