import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { PRESETS } from '../../connectors/create-connector.ts';
import { WorkspaceConfig } from './workspace-config.ts';
import { SCHEMA_FILE, schemaText } from './workspace-schema.ts';

export const WORKSPACE_FILE = 'workspace.yaml';
export const STORE_FILE = 'store.db';

export const listPresets = (): string[] => ['demo', ...Object.keys(PRESETS).filter((name) => name !== 'tidsbanken')];

export interface InitOptions {
  readonly preset: string;
  readonly customerpUrl?: string | undefined;
  readonly tidsbankenUrl?: string | undefined;
}

/** Writes a commented workspace.yaml into the folder. Problems: `workspaceExists`, `unknownPreset`, `folderUnusable`. */
export async function initWorkspace(dir: string, options: InitOptions): Promise<Result<{ path: string }, Problem>> {
  const path = join(dir, WORKSPACE_FILE);
  if (!listPresets().includes(options.preset)) {
    return fail(
      problem(
        'unknownPreset',
        `There is no preset called “${options.preset}”.`,
        'No workspace was written.',
        `Choose one of: ${listPresets().join(', ')}.`,
      ),
    );
  }
  if (existsSync(path)) {
    return fail(
      problem(
        'workspaceExists',
        `${path} exists already.`,
        'It was not changed.',
        'Choose another folder, or edit that file.',
      ),
    );
  }
  // The editor needs the schema beside the file: an address of ours would have to be reachable from every desk.
  const schema = await writeText(dir, join(dir, SCHEMA_FILE), schemaText());
  if (!schema.ok) return schema;
  const text = options.preset === 'demo' ? demoText(options) : liveText(options);
  return writeText(dir, path, `# yaml-language-server: $schema=./${SCHEMA_FILE}\n${text}`);
}

/** Points an existing workspace at other addresses; comments and everything else stay as they are. */
export async function updateUrls(
  dir: string,
  urls: { customerp: string; tidsbanken: string },
): Promise<Result<{ path: string }, Problem>> {
  return editWorkspace(dir, [
    [['systems', 'customerp', 'url'], urls.customerp],
    [['systems', 'tidsbanken', 'url'], urls.tidsbanken],
  ]);
}

/** Sets single settings of an existing workspace; comments and everything else stay as they are. */
export async function editWorkspace(
  dir: string,
  settings: readonly (readonly [path: readonly string[], value: string | boolean])[],
): Promise<Result<{ path: string }, Problem>> {
  const path = join(dir, WORKSPACE_FILE);
  const read = await readText(path);
  if (!read.ok) return read;
  const document = parseDocument(read.value);
  for (const [at, value] of settings) document.setIn(at, value);
  return writeText(dir, path, document.toString({ lineWidth: 0 }));
}

/** Reads and checks workspace.yaml. Problems name the line: `workspaceMissing`, `workspaceInvalid`. */
export async function readWorkspace(dir: string): Promise<Result<WorkspaceConfig, Problem>> {
  const read = await readWorkspaceText(dir);
  return read.ok ? parseWorkspace(dir, read.value) : read;
}

/** workspace.yaml as it stands, comments and all. */
export const readWorkspaceText = (dir: string): Promise<Result<string, Problem>> => readText(join(dir, WORKSPACE_FILE));

/** Puts a text in the place of workspace.yaml, whole or not at all. Problem: `folderUnusable`. */
export const writeWorkspaceText = (dir: string, text: string): Promise<Result<{ path: string }, Problem>> =>
  writeText(dir, join(dir, WORKSPACE_FILE), text);

/** Checks the text of a workspace.yaml. Its problem names the line: `workspaceInvalid`. */
export function parseWorkspace(dir: string, text: string): Result<WorkspaceConfig, Problem> {
  const path = join(dir, WORKSPACE_FILE);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined)
    return fail(invalid(path, syntax.linePos?.[0].line ?? null, syntax.message.split('\n')[0] ?? 'it is not YAML'));
  const parsed = WorkspaceConfig.safeParse(document.toJS());
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const at = issue?.path.map(String) ?? [];
  const typo = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const line = lineOf(document, lines, typo === undefined ? at : [...at, typo]);
  const what =
    typo === undefined
      ? `${at.join('.')}: ${issue?.message ?? 'it has the wrong shape'}`
      : `${[...at, typo].join('.')} is not a setting`;
  return fail(invalid(path, line, what));
}

/** A problem of what stands at a path of workspace.yaml, with its line. */
export async function problemAt(dir: string, at: readonly string[], problem: Problem): Promise<Problem> {
  const path = join(dir, WORKSPACE_FILE);
  const read = await readText(path);
  const lines = new LineCounter();
  const line = read.ok ? lineOf(parseDocument(read.value, { lineCounter: lines }), lines, at) : null;
  return { ...problem, what: `${path}${line === null ? '' : `, line ${String(line)}`}: ${problem.what}` };
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number | null {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lines.linePos(Number(node.range[0])).line;
  }
  return null;
}

async function readText(path: string): Promise<Result<string, Problem>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'There is no workspace'
        : 'The workspace cannot be read';
    return fail(
      problem(
        'workspaceMissing',
        `${why} at ${path}.`,
        'Nothing was synchronised.',
        'Run “tidsbro init”, or “tidsbro sandbox” for a demo, or name the right folder with --workspace.',
      ),
    );
  }
}

async function writeText(dir: string, path: string, text: string): Promise<Result<{ path: string }, Problem>> {
  try {
    await mkdir(dir, { recursive: true });
    // Renamed into place, so that a full disk leaves the old file whole.
    await writeFile(`${path}.part`, text, { mode: 0o600 });
    await rename(`${path}.part`, path);
    return ok({ path });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      problem(
        'folderUnusable',
        `${path} cannot be written: ${why}.`,
        'Nothing was changed.',
        'Check that you may write there and that the disk has room.',
      ),
    );
  }
}

const invalid = (path: string, line: number | null, what: string): Problem =>
  problem(
    'workspaceInvalid',
    `${path}${line === null ? '' : `, line ${String(line)}`}: ${what}.`,
    'The workspace was not opened, and nothing was synchronised.',
    'Correct that line, then try again.',
  );

const problem = (kind: string, what: string, notDone: string, todo: string): Problem => ({ kind, what, notDone, todo });

const FLOWS_TEXT = `
# What is synchronised. Each flow keeps linked pairs in step in both directions; "create" says which side gets
# counterparts for records that have none: every (proposed for review) or never (shown only).
flows:
  customer-kunde:
    create: { inTidsbanken: every, inCustomerp: never }
  employee-ansatt:
    create: { inTidsbanken: every, inCustomerp: never }
  project-prosjekt:
    create: { inTidsbanken: every, inCustomerp: never }
  # Departments are linked by number and referred to; they are not created.
  department-avdeling: {}
`;

const demoText = (options: InitOptions): string => `# A Tidsbro workspace on the demo systems of this computer.
name: Demo

systems:
  customerp:
    preset: customerp-rest
    url: ${options.customerpUrl ?? 'http://127.0.0.1:4011'}
    secrets:
      bearer: demo-customerp-key
    limits: { requestSeconds: 1, settleSeconds: 2 }
  tidsbanken:
    preset: tidsbanken
    url: ${options.tidsbankenUrl ?? 'http://127.0.0.1:4012'}
    secrets:
      tb-key: demo-tb-key
      Ocp-Apim-Subscription-Key: demo-subscription-key
    limits: { requestSeconds: 1, settleSeconds: 2 }
${FLOWS_TEXT}`;

const liveText = (
  options: InitOptions,
): string => `# A Tidsbro workspace. Secrets never stand here: env:NAME names the environment variable that holds one.
name: Tidsbro

systems:
  customerp:
    preset: ${options.preset}
    url: ${options.customerpUrl ?? 'https://erp.example.invalid'}
    secrets:
      bearer: env:TIDSBRO_CUSTOMERP_BEARER
  tidsbanken:
    preset: tidsbanken
    url: ${options.tidsbankenUrl ?? 'https://api.tidsbanken.net'}
    secrets:
      # Tidsbanken: the wrench, Integrasjon, API-nøkkel.
      tb-key: env:TIDSBRO_TIDSBANKEN_TB_KEY
      # The developer portal's subscription.
      Ocp-Apim-Subscription-Key: env:TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY
${FLOWS_TEXT}
# Safety rails; left out, the defaults of docs/sync-rules.md hold.
rails: {}
`;
