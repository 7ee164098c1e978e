import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { isDemo } from '../app/workspace/workspace-config.ts';
import {
  initWorkspace,
  readWorkspace,
  STORE_FILE,
  updateUrls,
  WORKSPACE_FILE,
} from '../app/workspace/workspace-file.ts';
import type { SandboxUrls } from './sandbox-process.ts';

/** Records on each side of a demo: enough that every kind of mismatch occurs, few enough to look at. */
export const DEMO_SANDBOX =
  '--customers=120 --employees=60 --projects=80 --overlap=0.85 --differ=0.15 --dirt=0.05'.split(' ');

export const hasWorkspace = (dir: string): boolean => existsSync(join(dir, WORKSPACE_FILE));

/** False also when the file cannot be read: then it is not known to be a demo, and must be treated as the real thing. */
export async function isDemoWorkspace(dir: string): Promise<boolean> {
  const config = await readWorkspace(dir);
  return config.ok && isDemo(config.value);
}

/**
 * A workspace on the sandbox: written if missing, else only pointed at the new addresses.
 * Problem `notADemo`: a workspace with real keys is never pointed anywhere else.
 */
export async function pointAtSandbox(dir: string, urls: SandboxUrls): Promise<Result<{ path: string }, Problem>> {
  if (!hasWorkspace(dir))
    return initWorkspace(dir, { preset: 'demo', customerpUrl: urls.customerp, tidsbankenUrl: urls.tidsbanken });
  if (await isDemoWorkspace(dir)) return updateUrls(dir, urls);
  return fail({
    kind: 'notADemo',
    what: `${join(dir, WORKSPACE_FILE)} is not a demo workspace.`,
    notDone: 'It was not changed, and the sandbox was not started for it.',
    todo: 'Name another folder with --workspace.',
  });
}

const LOOK_MS = 1000;

const answers = (url: string): Promise<boolean> =>
  fetch(new URL('/_sandbox/counts', url), { signal: AbortSignal.timeout(LOOK_MS) }).then(
    (reply) => reply.ok,
    () => false,
  );

async function sandboxAnswers(dir: string): Promise<boolean> {
  const config = await readWorkspace(dir);
  if (!config.ok) return false;
  const { customerp, tidsbanken } = config.value.systems;
  return (await answers(customerp.url)) && answers(tidsbanken.url);
}

/**
 * The workspace that a window opens. One of the operator's is opened as it is, and so is a demo whose systems run
 * already; any other demo gets its systems started along with it.
 * @param named as given with --workspace; without it the app-data folder decides, and a demo there begins anew
 */
export async function readyWorkspace(
  appData: string,
  named: string | undefined,
  start: () => Promise<Result<SandboxUrls, Problem>>,
): Promise<Result<{ dir: string; started: SandboxUrls | null }, Problem>> {
  const dir = named ?? appData;
  if (hasWorkspace(dir) && (!(await isDemoWorkspace(dir)) || (await sandboxAnswers(dir))))
    return ok({ dir, started: null });
  const urls = await start();
  if (!urls.ok) return urls;
  const demoDir = named ?? (await freshDemoDir(appData));
  const pointed = await pointAtSandbox(demoDir, urls.value);
  return pointed.ok ? ok({ dir: demoDir, started: urls.value }) : pointed;
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function holderOf(dir: string): Promise<number> {
  return Number(await readFile(join(dir, 'demo.pid'), 'utf8').catch(() => '0'));
}

/**
 * A folder for a demo that begins anew, under the app-data folder. The demo systems forget everything when they stop,
 * so a store that remembered their links would show one mismatch after the other. A folder in use is left alone.
 */
export async function freshDemoDir(appData: string): Promise<string> {
  for (let n = 1; ; n++) {
    const dir = join(appData, n === 1 ? 'demo' : `demo-${String(n)}`);
    const holder = await holderOf(dir);
    if (holder !== 0 && holder !== process.pid && alive(holder)) continue;
    if (hasWorkspace(dir) && !(await isDemoWorkspace(dir))) continue;
    for (const file of [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-shm`])
      await rm(join(dir, file), { force: true });
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'demo.pid'), String(process.pid));
    return dir;
  }
}
