import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Clock } from './clock.ts';
import { Customerp } from './customerp/server.ts';
import { makeServer, type System } from './http.ts';
import { readArguments, type SandboxOptions } from './options.ts';
import { plant } from './seed/index.ts';
import { SwitchError } from './switches.ts';
import { Tidsbanken } from './tidsbanken/server.ts';

export type { SandboxOptions } from './options.ts';

export interface Sandbox {
  readonly customerp: { readonly url: string };
  readonly tidsbanken: { readonly url: string };
  close(): Promise<void>;
}

/** Starts both simulated systems, filled, on this computer only. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const customerp = new Customerp(new Clock(options.clockShift));
  const tidsbanken = new Tidsbanken(new Clock(options.clockShift));
  applyOptions(options, customerp, tidsbanken);
  plant(seedOptions(options, customerp.clock.now()), customerp, tidsbanken, options.empty);
  const first = await listen(customerp, options.portCustomerp ?? 0);
  try {
    const second = await listen(tidsbanken, options.portTidsbanken ?? 0);
    const close = async (): Promise<void> => void (await Promise.all([first.close(), second.close()]));
    return { customerp: { url: first.url }, tidsbanken: { url: second.url }, close };
  } catch (error) {
    await first.close();
    throw error;
  }
}

function seedOptions(options: SandboxOptions, clockNow: number): Parameters<typeof plant>[0] {
  const { customers = 40, employees = 15, projects = 30, overlap = 0.6, differ = 0.1, dirt = 0.05, seed = 1 } = options;
  const { alike = false } = options;
  return { customers, employees, projects, overlap, differ, dirt, seed, alike, now: options.now ?? clockNow };
}

function applyOptions(options: SandboxOptions, customerp: Customerp, tidsbanken: Tidsbanken): void {
  const latencyMs = options.latency ?? 0;
  customerp.settings.setAll({ latencyMs, ...switchesOf('customerp', options) });
  tidsbanken.settings.setAll({ latencyMs, ...switchesOf('tidsbanken', options) });
  customerp.faults.set(options.faults?.customerp ?? []);
  tidsbanken.faults.set(options.faults?.tidsbanken ?? []);
}

/** Switches are named with their system in front: `tidsbanken.putMerges`. */
function switchesOf(system: 'customerp' | 'tidsbanken', { switches = {} }: SandboxOptions): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(switches)) {
    const [owner, ...rest] = name.split('.');
    if (owner === system) found[rest.join('.')] = value;
    else if (owner !== 'customerp' && owner !== 'tidsbanken') throw new SwitchError(`No switch is named "${name}".`);
  }
  return found;
}

async function listen(system: System, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const app = makeServer(system);
  await app.listen({ host: '127.0.0.1', port });
  return { url: app.listeningOrigin, close: () => app.close().then(() => undefined) };
}

/** Runs until told to stop, or until whoever started it is gone: a sandbox must not outlive its demo. */
async function main(argv: readonly string[]): Promise<void> {
  const { options, stdinGuard } = readArguments(argv);
  const parent = process.ppid;
  const sandbox = await startSandbox(options);
  process.stdout.write(`${JSON.stringify({ customerp: sandbox.customerp, tidsbanken: sandbox.tidsbanken })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    setInterval(() => process.ppid !== parent && resolve(), 500).unref();
    if (stdinGuard) process.stdin.once('end', resolve).once('error', resolve).resume();
  });
  await sandbox.close();
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
