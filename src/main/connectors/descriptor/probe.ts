import { createHmac } from 'node:crypto';
import { ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import { atPath, isJsonObject } from '../../../shared/json.ts';
import type { ConnectorFailure, SystemFacts } from '../connector.ts';
import { httpDate } from '../http/classify.ts';
import type { Descriptor, KindDescriptor } from './descriptor.ts';
import { kindEntries, secretNames } from './descriptor.ts';
import { firstPosition } from './paging.ts';
import { itemsOf } from './records.ts';
import { selectParams } from './requests.ts';
import type { Talker } from './talker.ts';

export interface ProbeTarget {
  readonly descriptor: Descriptor;
  readonly baseUrl: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** Signs in, reads one record of each kind and tells what it found. Reads only. */
export async function probeSystem(
  talker: Talker,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Result<SystemFacts, ConnectorFailure>> {
  const { path, query, companyId } = target.descriptor.probe;
  const answer = await talker.get({ path, query, label: path, signal });
  if (!answer.ok) return answer;
  const { json, headers } = answer.value;
  const company = companyId !== undefined && isJsonObject(json) ? atPath(json, companyId) : undefined;
  const clock = httpDate(headers['date'] ?? '');
  const clockSkewMs = clock === null ? null : clock - target.now();
  const isId = typeof company === 'string' || typeof company === 'number';
  return ok({
    tenant: isId ? `${target.baseUrl} ${company}` : target.baseUrl,
    baseUrl: target.baseUrl,
    keyDigest: keyDigest(target),
    notes: await probeKinds(talker, target.descriptor, signal),
    clockSkewMs,
  });
}

async function probeKinds(talker: Talker, descriptor: Descriptor, signal: AbortSignal): Promise<string[]> {
  const notes: string[] = [];
  for (const [name, kind] of kindEntries(descriptor)) {
    notes.push(`${name}: ${await probeKind(talker, kind, signal)}`);
  }
  return notes;
}

async function probeKind(talker: Talker, kind: KindDescriptor, signal: AbortSignal): Promise<string> {
  const { list } = kind;
  const query = { ...list.query, ...firstPosition(list.paging, 1).query, ...selectParams(kind, 'all') };
  const answer = await talker.get({ path: list.path, query, label: list.path, signal });
  if (!answer.ok) return answer.failure.detail;
  const items = itemsOf(answer.value.json, list.items);
  if (!items.ok) return items.failure;
  const sample = items.value.find(isJsonObject);
  if (sample === undefined) return 'readable, no record yet';
  const missing = Object.keys(kind.fields).filter((path) => atPath(sample, path) === undefined);
  return missing.length === 0 ? 'readable' : `readable; a sample record lacks ${missing.join(', ')}`;
}

// Keyed with the place, so that equal digests of two systems say nothing about equal keys.
function keyDigest({ descriptor, baseUrl, secrets }: ProbeTarget): string {
  const { signIn, tenantSecret, name } = descriptor;
  const mac = createHmac('sha256', `tenant key of ${name} at ${baseUrl}`);
  for (const secret of tenantSecret === undefined ? secretNames(signIn) : [tenantSecret]) {
    mac.update(`${secret}\n${secrets[secret] ?? ''}\n`);
  }
  return mac.digest('hex');
}
