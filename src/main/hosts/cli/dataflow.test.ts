import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initWorkspace, readWorkspace } from '../../app/workspace/workspace-file.ts';
import { EXIT } from './exit-codes.ts';
import { main } from './main.ts';
import { BROWSER_VARIABLE } from './pdf.ts';

const SAMPLES = join(import.meta.dirname, '../../dataflow/samples');
const sample = (name: string): string => join(SAMPLES, name);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidsbro-dataflow-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs one command line in a workspace and gives what it printed, said and ended with. */
async function tidsbro(...words: string[]): Promise<{ code: number; printed: string; said: string }> {
  let printed = '';
  let said = '';
  const code = await main([...words, '--workspace', dir], {
    env: {},
    print: (text) => void (printed += `${text}\n`),
    say: (text) => void (said += `${text}\n`),
    showProgress: () => undefined,
  });
  return { code, printed, said };
}
/** The flows of an answer in JSON, in the order of the document. */
const flowsIn = ({ printed }: { printed: string }): readonly { flow: string; mapping: unknown }[] =>
  (JSON.parse(printed) as { flows: { flow: string; mapping: unknown }[] }).flows;
const workspaceText = (): Promise<string> => readFile(join(dir, 'workspace.yaml'), 'utf8');

describe('dataflow', () => {
  beforeAll(async () => {
    await rm(join(dir, 'workspace.yaml'), { force: true });
    await initWorkspace(dir, { preset: 'demo' });
  });

  it('export prints the document, or writes it to a file', async () => {
    const printed = await tidsbro('dataflow', 'export');
    expect(printed).toMatchObject({ code: EXIT.done, said: '' });
    expect(printed.printed).toContain('Customerp Customer to Tidsbanken Kunde\n---');
    const out = join(dir, 'own.html');
    expect((await tidsbro('dataflow', 'export', '--format', 'html', '--language', 'nb', '--out', out)).code).toBe(
      EXIT.done,
    );
    expect(await readFile(out, 'utf8')).toContain('<h2>Customerp Customer til Tidsbanken Kunde</h2>');
  });

  it('a PDF takes a file and a browser, and says so before anything is done', async () => {
    expect(await tidsbro('dataflow', 'export', '--format', 'pdf')).toMatchObject({ code: EXIT.failed });
    const out = join(dir, 'own.pdf');
    const without = await tidsbro('dataflow', 'export', '--format', 'pdf', '--out', out);
    expect(without.code).toBe(EXIT.failed);
    expect(without.said).toContain('No Chromium, Chrome or Edge is installed');
    expect(without.said).toContain(BROWSER_VARIABLE);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('what was exported imports with nothing adapted and nothing refused, and leaves the workspace as it is', async () => {
    const out = join(dir, 'own.rst');
    await tidsbro('dataflow', 'export', '--out', out);
    const before = await workspaceText();
    const { code, printed } = await tidsbro('dataflow', 'import', out, '--write', '--json');
    expect(code).toBe(EXIT.done);
    expect(JSON.parse(printed)).toMatchObject({
      outcome: 'read',
      counts: { adapted: 0, refused: 0 },
      written: true,
    });
    expect(await workspaceText()).toBe(before);
  });

  it('empty tables configure a workspace; what the file says besides stays, comments too', async () => {
    const path = join(dir, 'workspace.yaml');
    const off = (await workspaceText()).replace(
      'customer-kunde:\n    create: { inTidsbanken: every,',
      'customer-kunde:\n    enabled: false # for now\n    create: { inTidsbanken: never,',
    );
    await writeFile(path, off);
    const { code, printed } = await tidsbro('dataflow', 'import', sample('empty-tables.rst'), '--write');
    expect(code).toBe(EXIT.done);
    expect(printed).toContain('Written to workspace.yaml.');
    expect(await workspaceText()).toBe(
      off.replace('enabled: false', 'enabled: true').replace('inTidsbanken: never', 'inTidsbanken: every'),
    );
    expect((await readWorkspace(dir)).ok).toBe(true);
  });

  it.each(['one-way.rst', 'large.rst', 'reverse.rst', 'norwegian.rst', 'table-forms.rst'])(
    'what %s says is what the workspace has once it is written, and what it exports',
    async (file) => {
      await rm(join(dir, 'workspace.yaml'), { force: true });
      await initWorkspace(dir, { preset: 'demo' });
      const read = flowsIn(await tidsbro('dataflow', 'import', sample(file), '--write', '--json'));
      expect(read.length).toBeGreaterThan(0);
      const out = join(dir, 'own.rst');
      expect((await tidsbro('dataflow', 'export', '--out', out)).said).toBe('');
      const before = await workspaceText();
      const again = flowsIn(await tidsbro('dataflow', 'import', out, '--write', '--json'));
      expect(again.filter(({ flow }) => read.some((one) => one.flow === flow))).toEqual(read);
      expect(await workspaceText()).toBe(before);
    },
  );

  it('J1 personal data that a document lets flow waits until its row is named', async () => {
    await rm(join(dir, 'workspace.yaml'), { force: true });
    await initWorkspace(dir, { preset: 'demo' });
    const before = await workspaceText();
    const on = (await workspaceText()).replace(
      /^ {2}employee-ansatt:\n/mu,
      '$&    properties: { nationalId: { direction: both } }\n',
    );
    await writeFile(join(dir, 'workspace.yaml'), on);
    const out = join(dir, 'personal.rst');
    await tidsbro('dataflow', 'export', '--out', out);
    const read = await tidsbro('dataflow', 'import', out, '--write');
    expect(read.code).toBe(EXIT.waits);
    expect(read.printed).toContain('tidsbro mapping confirm employee-ansatt.nationalId');
    const named = ['--confirm-sensitive', 'employee-ansatt.bankAccount'];
    expect(await tidsbro('dataflow', 'import', out, '--write', ...named)).toMatchObject({ code: EXIT.failed });
    expect((await tidsbro('mapping', 'confirm')).code).toBe(EXIT.waits);
    const right = ['--confirm-sensitive', 'employee-ansatt.nationalId'];
    expect((await tidsbro('dataflow', 'import', out, ...right)).said).toContain('Add --write.');
    expect(await tidsbro('dataflow', 'import', out, '--write', ...right)).toMatchObject({ code: EXIT.done });
    expect(await tidsbro('mapping', 'confirm')).toMatchObject({ code: EXIT.done });
    await writeFile(join(dir, 'workspace.yaml'), before);
  });

  it('a broken document changes nothing', async () => {
    const before = await workspaceText();
    const { code, printed } = await tidsbro('dataflow', 'import', sample('broken-rows.rst'), '--write');
    expect(code).toBe(EXIT.failed);
    expect(printed).toContain('workspace.yaml was not changed.');
    expect(await workspaceText()).toBe(before);
  });

  it.each([
    ['adapted only', 'one-way.rst', EXIT.done],
    ['rows refused', 'large.rst', EXIT.waits],
    ['broken', 'broken-rows.rst', EXIT.failed],
    ['no document', 'no-pairs.rst', EXIT.failed],
  ])('exit code: %s', async (_name, file, code) => {
    expect((await tidsbro('dataflow', 'import', sample(file))).code).toBe(code);
  });

  it('bytes that are no text are told with their line', async () => {
    const file = join(dir, 'latin1.rst');
    await writeFile(file, Buffer.from('Verft to Tidsbanken Dataflow\n\nK\u00f8 og s\u00e5\n', 'latin1'));
    const { code, printed } = await tidsbro('dataflow', 'import', file);
    expect(code).toBe(EXIT.failed);
    expect(printed).toContain('line 3, refused');
  });

  it.each([
    [['dataflow', 'import', '/no/such/file.rst'], 'cannot be read'],
    [['dataflow', 'export', '--format', 'docx'], 'Allowed choices are rst, html'],
    [['dataflow', 'export', '--out', '/no/such/folder/x.rst'], 'cannot be written'],
    [['dataflow', 'verify'], 'verify'],
    [['dataflow', 'verify', '--record', 'customer=1', '--pdf'], 'No Chromium, Chrome or Edge is installed'],
  ])('%j is refused', async (words, said) => {
    const answer = await tidsbro(...words);
    expect(answer.code).toBe(EXIT.failed);
    expect(answer.said).toContain(said);
  });
});
