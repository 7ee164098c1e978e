import { KINDS, fail, ok } from '../../shared/domain.ts';
import type { Kind, Problem, Result, Side } from '../../shared/domain.ts';
import type { Connector } from './connector.ts';
import { customerpRest } from './customerp/descriptor.ts';
import { Descriptor, secretNames } from './descriptor/descriptor.ts';
import type { DescriptorInput, Limits } from './descriptor/descriptor.ts';
import { DescriptorConnector } from './descriptor/descriptor-connector.ts';
import { badDescriptor } from './descriptor/load.ts';
import { realDeps } from './http/exchange.ts';
import type { HttpDeps } from './http/exchange.ts';
import { isLoopback } from './http/http-client.ts';
import { tidsbanken } from './tidsbanken/descriptor.ts';

/** The systems that need no descriptor of the operator's. */
export const PRESETS = { tidsbanken, 'customerp-rest': customerpRest } as const satisfies Record<
  string,
  DescriptorInput
>;
export type PresetName = keyof typeof PRESETS;
export const isPresetName = (name: string): name is PresetName => Object.hasOwn(PRESETS, name);

/** The descriptor of a preset, checked and with its defaults filled in. */
export const presetDescriptor = (name: PresetName): Descriptor => Descriptor.parse(PRESETS[name]);

export interface ConnectorSettings {
  readonly side: Side;
  /** A preset, or a descriptor read by `loadDescriptor`. */
  readonly use: { readonly preset: string } | { readonly descriptor: Descriptor };
  /** Absent: the descriptor's own. */
  readonly baseUrl?: string;
  /** By the names that the descriptor's sign-in uses. Held in memory only; they appear in no message. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Over the descriptor's own, in ms: `settleMs` must stay at least twice `requestMs` (2.4). */
  readonly limits?: Partial<Limits>;
  /** Over what the descriptor claims, by kind (2.4). */
  readonly capabilities?: Readonly<Partial<Record<Kind, object>>>;
  readonly deps?: HttpDeps;
}

/** Makes the connector of one side. Nothing is sent. Problems: `badDescriptor`, `badAddress`, `missingSecret`. */
export function createConnector(settings: ConnectorSettings): Result<Connector, Problem> {
  const descriptor = settledDescriptor(settings);
  if (!descriptor.ok) return descriptor;
  const baseUrl = checkedBaseUrl(settings.baseUrl ?? descriptor.value.baseUrl ?? '', descriptor.value);
  if (!baseUrl.ok) return baseUrl;
  const missing = secretNames(descriptor.value.signIn).filter((name) => !isUsableSecret(settings.secrets[name]));
  if (missing.length > 0) return fail(missingSecret(settings.side, missing));
  const { secrets, deps = realDeps } = settings;
  return ok(new DescriptorConnector({ descriptor: descriptor.value, baseUrl: baseUrl.value, secrets, deps }));
}

function settledDescriptor({
  side,
  use,
  limits = {},
  capabilities = {},
}: ConnectorSettings): Result<Descriptor, Problem> {
  const given = givenDescriptor(use);
  if (!given.ok) return given;
  const { name } = given.value;
  if (given.value.side !== side) return fail(badDescriptor(name, [`it describes ${given.value.side}, not ${side}`]));
  // A descriptor has been checked; only what is laid over it has not.
  if ([limits, capabilities].every((over) => Object.keys(over).length === 0)) return given;
  const kinds = Object.fromEntries(
    KINDS.flatMap((kind) => {
      const one = given.value.kinds[kind];
      return one === undefined
        ? []
        : [[kind, { ...one, capabilities: { ...one.capabilities, ...capabilities[kind] } }]];
    }),
  );
  const parsed = Descriptor.safeParse({ ...given.value, kinds, limits: { ...given.value.limits, ...limits } });
  if (parsed.success) return ok(parsed.data);
  return fail(
    badDescriptor(
      name,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ),
  );
}

function givenDescriptor(use: ConnectorSettings['use']): Result<Descriptor, Problem> {
  if ('descriptor' in use) return ok(use.descriptor);
  if (isPresetName(use.preset)) return ok(presetDescriptor(use.preset));
  const known = Object.keys(PRESETS).join(', ');
  return fail(badDescriptor(use.preset, [`there is no such preset; there are ${known}`]));
}

function checkedBaseUrl(text: string, { side, allowPlainHttp }: Descriptor): Result<string, Problem> {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return fail(badAddress(side, 'is missing or not an http(s) address'));
  if (url.username !== '' || url.password !== '') return fail(badAddress(side, 'holds a user name or password'));
  if (url.search !== '' || url.hash !== '') return fail(badAddress(side, 'holds a query or fragment'));
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowPlainHttp) {
    return fail(badAddress(side, 'is http:// to another computer, which would send the keys readable'));
  }
  return ok(url.href.replace(/\/+$/, ''));
}

// What cannot stand in a header would fail each request in a way that looks like a network fault.
const isUsableSecret = (secret: string | undefined): boolean => secret !== undefined && /^[\x21-\x7e]+$/.test(secret);

const badAddress = (side: Side, what: string): Problem => ({
  kind: 'badAddress',
  what: `The address of ${side} ${what}.`,
  notDone: 'No connection was made.',
  todo: 'Correct it in workspace.yaml.',
  side,
});

const missingSecret = (side: Side, names: readonly string[]): Problem => ({
  kind: 'missingSecret',
  what: `The keys of ${side} are missing or hold characters that no key has: ${names.join(', ')}.`,
  notDone: 'No connection was made.',
  todo: 'Correct them in workspace.yaml, or in the environment variables that it names.',
  side,
});
