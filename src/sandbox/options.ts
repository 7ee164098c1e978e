import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPlanFile, type FaultRuleInput } from './faults.ts';

export interface SandboxOptions {
  /** Records on each side. */
  customers?: number;
  employees?: number;
  projects?: number;
  /** Share of them that have a counterpart. */
  overlap?: number;
  /** Share of the counterparts that differ. */
  differ?: number;
  dirt?: number;
  /** Every clean pair shares all its strong keys. */
  alike?: boolean;
  seed?: number;
  /** This side begins without customers, employees and projects; its departments stay. */
  empty?: 'customerp' | 'tidsbanken';
  /** Milliseconds to wait before every answer. */
  latency?: number;
  faults?: { customerp?: readonly FaultRuleInput[]; tidsbanken?: readonly FaultRuleInput[] };
  portCustomerp?: number;
  portTidsbanken?: number;
  /** By full name: `tidsbanken.putMerges`. */
  switches?: Readonly<Record<string, unknown>>;
  clockShift?: number;
  /** The time the seed counts back from; the clock's own when left out. Only its day matters. */
  now?: number;
}

export interface Command {
  readonly options: SandboxOptions;
  readonly stdinGuard: boolean;
}

/** Reads the command line; throws an Error whose message is for the person who typed it. */
export function readArguments(argv: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      customers: { type: 'string' },
      employees: { type: 'string' },
      projects: { type: 'string' },
      overlap: { type: 'string' },
      differ: { type: 'string' },
      dirt: { type: 'string' },
      seed: { type: 'string' },
      empty: { type: 'string' },
      alike: { type: 'boolean' },
      latency: { type: 'string' },
      faults: { type: 'string' },
      'port-customerp': { type: 'string' },
      'port-tidsbanken': { type: 'string' },
      set: { type: 'string', multiple: true },
      'clock-shift': { type: 'string' },
      'stdin-guard': { type: 'boolean' },
    },
  });
  const options: SandboxOptions = { switches: readSwitches(values.set ?? []) };
  const put = (name: NumberOption, flag: string, text: string | undefined, low: number, high: number): void => {
    if (text !== undefined) options[name] = number(flag, text, low, high);
  };
  for (const name of ['customers', 'employees', 'projects'] as const) put(name, name, values[name], 0, 2_000_000);
  for (const name of ['overlap', 'differ', 'dirt'] as const) put(name, name, values[name], 0, 1);
  put('seed', 'seed', values.seed, 0, 2 ** 31);
  put('latency', 'latency', values.latency, 0, 600_000);
  put('portCustomerp', 'port-customerp', values['port-customerp'], 0, 65_535);
  put('portTidsbanken', 'port-tidsbanken', values['port-tidsbanken'], 0, 65_535);
  put('clockShift', 'clock-shift', values['clock-shift'], -1e13, 1e13);
  if (values.alike === true) options.alike = true;
  if (values.empty !== undefined) options.empty = sideName(values.empty);
  if (values.faults !== undefined) options.faults = readPlanFile(readFileSync(values.faults, 'utf8'));
  return { options, stdinGuard: values['stdin-guard'] ?? false };
}

function sideName(text: string): 'customerp' | 'tidsbanken' {
  if (text === 'customerp' || text === 'tidsbanken') return text;
  throw new Error(`--empty takes customerp or tidsbanken, not "${text}".`);
}

type NumberOption = {
  [K in keyof SandboxOptions]-?: NonNullable<SandboxOptions[K]> extends number ? K : never;
}[keyof SandboxOptions];

const SHARES: ReadonlySet<string> = new Set(['overlap', 'differ', 'dirt']);

function number(flag: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const whole = SHARES.has(flag) || Number.isInteger(value);
  if (!whole || !(value >= low && value <= high))
    throw new Error(`--${flag} takes a number from ${low} to ${high}, not "${text}".`);
  return value;
}

function readSwitches(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    settings.map((setting) => {
      const cut = setting.indexOf('=');
      if (cut < 1) throw new Error(`--set takes name=value, not "${setting}".`);
      return [setting.slice(0, cut), setting.slice(cut + 1)];
    }),
  );
}
