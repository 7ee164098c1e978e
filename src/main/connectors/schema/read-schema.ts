import { fail, ok } from '../../../shared/domain.ts';
import type { Kind, Result } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { KindSchema, SystemSchema } from '../../mapping/lint/system-schema.ts';
import type { ConnectorFailure } from '../connector.ts';
import { kindEntries } from '../descriptor/descriptor.ts';
import type { Descriptor } from '../descriptor/descriptor.ts';
import { unreadable } from '../descriptor/talker.ts';
import type { Talker } from '../descriptor/talker.ts';
import { odataSchema } from './odata-schema.ts';
import { openApiSchema } from './openapi-schema.ts';

/**
 * What a system says of its own records, read where the descriptor says that it stands; kinds of which it says nothing are
 * left out. Each document is asked for once. Reads only.
 */
export async function readSchema(
  talker: Talker,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<Result<SystemSchema, ConnectorFailure>> {
  const documents = new Map<string, Json>();
  const found: [Kind, KindSchema][] = [];
  for (const [name, { schema }] of kindEntries(descriptor)) {
    if (schema === undefined) continue;
    const { path } = schema;
    if (!documents.has(path)) {
      const text = schema.format === 'odata' ? { text: 'application/xml' } : {};
      const answer = await talker.get({ path, query: {}, label: path, signal, ...text });
      if (!answer.ok) return answer;
      documents.set(path, answer.value.json);
    }
    const document = documents.get(path) ?? null;
    const read =
      schema.format === 'odata'
        ? odataSchema(typeof document === 'string' ? document : '', schema.type)
        : openApiSchema(document, schema.schemas);
    if (!read.ok) return fail(unreadable(path, read.failure));
    found.push([name, read.value]);
  }
  return ok(Object.fromEntries(found));
}
