import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import { atPath, isJsonObject } from '../../../shared/json.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { Page, RawRecord } from '../connector.ts';
import type { KindDescriptor } from './descriptor.ts';
import { parseTime } from './zone-time.ts';

/** Why an answer that is JSON is still no answer (C6). */
export type ShapeFault = string;

/** The records of a list answer. A missing array is a fault, never an empty page. */
export function itemsOf(json: Json, items: string): Result<readonly Json[], ShapeFault> {
  const found = items === '' ? json : isJsonObject(json) ? memberAt(json, items) : undefined;
  return Array.isArray(found)
    ? ok(found as readonly Json[])
    : fail(`the answer has no array ${items === '' ? '' : `"${items}"`}`.trim());
}

/** A member named literally (`@odata.count`), or else by dotted path. */
export const memberAt = (json: JsonObject, path: string): Json | undefined =>
  Object.hasOwn(json, path) ? json[path] : atPath(json, path);

export function toPage(kind: KindDescriptor, items: readonly Json[], json: Json): Page {
  const records: RawRecord[] = [];
  const withoutId: string[] = [];
  for (const [index, item] of items.entries()) {
    const record = toRecord(kind, item, null);
    if (record === null) withoutId.push(`Entry ${index + 1} of a page has no usable ${kind.id.field}`);
    else records.push(record);
  }
  return { records, withoutId, total: totalOf(kind, json) };
}

function totalOf(kind: KindDescriptor, json: Json): number | null {
  const total = kind.list.total === undefined || !isJsonObject(json) ? undefined : memberAt(json, kind.list.total);
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? total : null;
}

/** One record as the port shows it; null when it has no usable id (C4). `etag` is the header of a point read. */
export function toRecord(kind: KindDescriptor, item: Json, etag: string | null): RawRecord | null {
  if (!isJsonObject(item)) return null;
  const nativeId = idOf(kind, item);
  if (nativeId === null) return null;
  return { nativeId, modifiedAt: modifiedAt(kind, item), version: versionOf(kind, item, etag), raw: item };
}

/** The id as text, byte for byte; null when missing, blank or not of the declared type. */
export function idOf(kind: KindDescriptor, item: JsonObject): string | null {
  const id = atPath(item, kind.id.field);
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
  if (text.trim() === '' || (kind.id.json === 'integer' && !/^-?\d+$/.test(text))) return null;
  return text;
}

function modifiedAt(kind: KindDescriptor, item: JsonObject): number | null {
  const text = kind.modified === null ? null : atPath(item, kind.modified.field);
  return kind.modified === null || typeof text !== 'string' ? null : parseTime(text, kind.modified);
}

function versionOf(kind: KindDescriptor, item: JsonObject, etag: string | null): string | null {
  if (typeof kind.version !== 'object') return kind.version === 'etag' ? etag : null;
  const version = atPath(item, kind.version.field);
  return typeof version === 'string' || typeof version === 'number' ? String(version) : null;
}

/** Whether a looked-up record holds the value: in the spelling of any system, which may ignore case and spaces. */
export function holds(item: JsonObject, field: string, value: string): boolean {
  const found = atPath(item, field);
  const isScalar = typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean';
  return isScalar && folded(String(found)) === folded(value);
}

const folded = (text: string): string => text.normalize('NFC').replaceAll(/\s/g, '').toLowerCase();
