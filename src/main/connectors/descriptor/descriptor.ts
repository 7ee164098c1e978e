import { z } from 'zod';
import { KINDS, SIDES } from '../../../shared/domain.ts';
import type { Kind } from '../../../shared/domain.ts';
import { FieldDeclaration } from '../../mapping/field-declaration.ts';
import { isInList } from '../../mapping/field-path.ts';
import type { Capabilities } from '../connector.ts';
import { LEAST_PER_SECOND } from '../http/allowance.ts';

/**
 * How one system works, as plain data: what the generic connector needs to list, read, look up, create and update its
 * records. Written in YAML by operators, checked here; unknown keys are refused, since a misspelt one would silently
 * mean "the worst". Paths in a record are dotted. There is nowhere to put a delete request (X1).
 */

const Name = z.string().min(1);
const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'not a header name');
/** Relative to the base URL. */
const Path = z
  .string()
  .regex(/^[^/?#\s][^?#\s]*$/, 'a path relative to the base URL, without a query')
  .refine((path) => !/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.split('/').includes('..'), 'a path below the base URL');
/** `{id}`: the id as a path segment; `{odataKey}`: as an OData key, quoted where it is text. */
const RecordPath = Path.refine((path) => /\{(id|odataKey)\}/.test(path), 'needs {id} or {odataKey}');
const Query = z.record(Name, z.string());

export const Limits = z
  .strictObject({
    /** Until a connection stands, ms. */
    connectMs: z.number().int().positive().default(10_000),
    /** One whole exchange, ms. */
    requestMs: z.number().int().positive().default(60_000),
    /** How long after sending a late commit may land, ms. */
    settleMs: z.number().int().positive().default(120_000),
    /** Records asked for in one page. */
    pageSize: z.number().int().min(1).max(10_000).default(1_000),
    /** Pages of one collection before it is given up: a system that never ends must not hold a run. */
    maxPages: z.number().int().min(1).default(10_000),
    /** The largest answer accepted, after decompression, bytes. */
    maxBytes: z
      .number()
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    /** What the system lets pass, reads and writes together. Left out: not known; it is learnt from its first refusal. */
    requestsPerSecond: z.number().min(LEAST_PER_SECOND).optional(),
    /** So many may leave at once after a quiet moment; more than 1 only where the system counts longer than a second. */
    burst: z.number().int().min(1).default(1),
    /** So many requests are on their way there at the same time. */
    parallelRequests: z.number().int().min(1).max(32).default(4),
  })
  .refine((limits) => limits.settleMs >= 2 * limits.requestMs, {
    path: ['settleMs'],
    message: 'must be at least twice requestMs (sync-semantics 2.4)',
  });
export type Limits = z.output<typeof Limits>;

/** Secrets are named here and handed in; none is ever written in a descriptor. */
const SignIn = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('headers'), headers: z.record(HeaderName, Name) }),
  z.strictObject({ type: z.literal('bearer'), secret: Name }),
  z.strictObject({ type: z.literal('basic'), user: Name, password: Name }),
]);
export type SignIn = z.output<typeof SignIn>;

const Paging = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('single') }),
  z.strictObject({ type: z.literal('cursor'), sizeParam: Name, cursorParam: Name, next: Name }),
  z.strictObject({ type: z.literal('skip'), sizeParam: Name, skipParam: Name }),
  z.strictObject({ type: z.literal('page'), sizeParam: Name, pageParam: Name, first: z.number().int().default(1) }),
  /** The next link's query is used on our own address: the link itself may name an inner host (Q23). */
  z.strictObject({ type: z.literal('nextLink'), sizeParam: Name.optional(), next: Name }),
]);
export type Paging = z.output<typeof Paging>;

/** Choosing fields. `all`: what to ask for to get every field; absent: leave the parameter out. */
const Select = z.strictObject({ param: Name, all: z.string().optional() });

/** `odata`: `$filter=Field eq literal`. `params`: one query parameter for each field that can be looked up. `sizeParam` bounds the answer. */
const Find = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('odata'), param: Name.default('$filter'), sizeParam: Name.optional() }),
  z.strictObject({ type: z.literal('params'), params: z.record(Name, Name), sizeParam: Name.optional() }),
]);
export type Find = z.output<typeof Find>;

const Body = z.union([z.enum(['object', 'array']), z.strictObject({ wrapped: Name })]);
export type Body = z.output<typeof Body>;

const Create = z.strictObject({
  method: z.enum(['POST', 'PUT']).default('POST'),
  path: Path,
  body: Body.default('object'),
  /** `strip`: fields that are null are left out (Q1). */
  nulls: z.enum(['strip', 'send']).default('strip'),
});
const Update = z.strictObject({
  method: z.enum(['PATCH', 'PUT', 'POST']),
  path: Path,
  body: Body.default('object'),
  /** The key travels inside the object. */
  idInBody: z.boolean().default(false),
  headers: z.record(HeaderName, z.string()).default({}),
});
export type Update = z.output<typeof Update>;

/** Sync-semantics 2.4 for one kind; the times come from `limits`. What is left out is taken as the worst. */
const DeclaredCapabilities = z.strictObject({
  partialUpdate: z.boolean().default(false),
  putMerges: z.union([z.boolean(), z.literal('unknown')]).default('unknown'),
  conditionalWrite: z.boolean().default(false),
  pointRead: z.boolean().default(false),
  filterByKey: z.boolean().default(false),
  stableOrder: z.boolean().default(false),
  count: z.boolean().default(false),
  delta: z.boolean().default(false),
  archive: z.boolean().default(false),
  create: z.boolean().default(false),
  clientChosenId: Name.nullable().default(null),
  createOnExisting: z.enum(['rejects', 'upserts', 'unknown']).default('unknown'),
  markerField: Name.nullable().default(null),
  systemIds: z.array(Name).default([]),
});

const KindDescriptor = z
  .strictObject({
    id: z.strictObject({ field: Name, json: z.enum(['string', 'integer']) }),
    modified: z
      .strictObject({
        field: Name,
        rule: z.enum(['asWritten', 'utcDigits']).default('asWritten'),
        /** For times without an offset, an IANA name. */
        zone: z.string().refine(isZone, 'not a time zone').default('Europe/Oslo'),
      })
      .nullable()
      .default(null),
    /** For conditional writes: the ETag of the point read, or a field whose value is sent as If-Match. */
    version: z.union([z.literal('etag'), z.strictObject({ field: Name })]).optional(),
    list: z.strictObject({
      path: Path,
      query: Query.default({}),
      /** Where the records stand in the answer; "" when the answer itself is the array. */
      items: z.string(),
      /** Where the system's own count stands. */
      total: Name.optional(),
      paging: Paging,
      select: Select.optional(),
      /** The delta filter: `{since}` is replaced by the time, written as the system writes it. */
      delta: z.strictObject({ param: Name, template: z.string().includes('{since}') }).optional(),
    }),
    find: Find.optional(),
    /** `find`: the point read is a look-up by id; a missing record is an empty list there. */
    read: z.union([z.literal('find'), z.strictObject({ path: RecordPath, query: Query.default({}) })]).optional(),
    create: Create.optional(),
    update: Update.optional(),
    capabilities: DeclaredCapabilities.prefault({}),
    /** Where the system itself says which fields there are; absent: nowhere that is known. */
    schema: z
      .discriminatedUnion('format', [
        z.strictObject({ format: z.literal('odata'), path: Path, type: Name }),
        z.strictObject({ format: z.literal('openapi'), path: Path, schemas: z.array(Name).min(1) }),
      ])
      .optional(),
    fields: z.record(Name, FieldDeclaration),
  })
  .check((ctx) => {
    for (const [path, message] of contradictions(ctx.value))
      ctx.issues.push({ code: 'custom', input: ctx.value, path, message });
  });
export type KindDescriptor = z.output<typeof KindDescriptor>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

interface Checked {
  readonly id: { readonly field: string };
  readonly modified: unknown;
  readonly version?: unknown;
  readonly list: { readonly total?: string | undefined; readonly delta?: unknown };
  readonly find?: unknown;
  readonly read?: unknown;
  readonly create?: unknown;
  readonly update?: { readonly path: string; readonly idInBody: boolean } | undefined;
  readonly capabilities: z.output<typeof DeclaredCapabilities>;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

/** A capability that nothing in the descriptor can carry out would be a lie to the engine. */
function contradictions(kind: Checked): [string[], string][] {
  const { capabilities: can, fields } = kind;
  const checks: [boolean, string[], string][] = [
    [kind.id.field in fields, ['id', 'field'], 'is not among the fields'],
    [!can.pointRead || kind.read !== undefined, ['capabilities', 'pointRead'], 'needs `read`'],
    [kind.read !== 'find' || kind.find !== undefined, ['read'], 'needs `find`'],
    [!can.filterByKey || kind.find !== undefined, ['capabilities', 'filterByKey'], 'needs `find`'],
    [!can.count || kind.list.total !== undefined, ['capabilities', 'count'], 'needs `list.total`'],
    [
      !can.delta || (kind.list.delta !== undefined && kind.modified !== null),
      ['capabilities', 'delta'],
      'needs `list.delta` and `modified`',
    ],
    [!can.conditionalWrite || kind.version !== undefined, ['capabilities', 'conditionalWrite'], 'needs `version`'],
    [!can.create || kind.create !== undefined, ['capabilities', 'create'], 'needs `create`'],
    [isField(fields, can.clientChosenId), ['capabilities', 'clientChosenId'], 'is not among the fields'],
    [isField(fields, can.markerField), ['capabilities', 'markerField'], 'is not among the fields'],
    [
      writtenInLists(fields).length === 0,
      ['fields', writtenInLists(fields)[0] ?? ''],
      'lies in a list, so it needs readOnly: true',
    ],
    [addressesRecord(kind.update), ['update'], 'names no record: {id} in the path, or idInBody'],
  ];
  return checks.filter(([holds]) => !holds).map(([, path, message]) => [path, message]);
}

const isField = (fields: Readonly<Record<string, unknown>>, name: string | null): boolean =>
  name === null || name in fields;
const writtenInLists = (fields: Checked['fields']): string[] =>
  Object.entries(fields).flatMap(([path, { readOnly }]) => (isInList(path) && !readOnly ? [path] : []));
const addressesRecord = (update: Checked['update']): boolean =>
  update === undefined || update.idInBody || /\{(id|odataKey)\}/.test(update.path);

export const Descriptor = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
    title: Name,
    side: z.enum(SIDES),
    /** Where the workspace names no other. */
    baseUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** Allows http:// to hosts other than this computer; secrets then travel readable. */
    allowPlainHttp: z.boolean().default(false),
    headers: z.record(HeaderName, z.string()).default({}),
    signIn: SignIn,
    /** The secret that chooses the company (S3); absent: all of them. */
    tenantSecret: Name.optional(),
    /** A request that shows whether sign-in works, and at best which company answers. */
    probe: z.strictObject({ path: Path, query: Query.default({}), companyId: Name.optional() }),
    /** The object that marks an error body, also under 2xx (C6), and where in it single words say what is wrong. */
    error: z.strictObject({ object: Name, words: z.array(Name).default([]) }).default({ object: 'error', words: [] }),
    limits: Limits.prefault({}),
    kinds: z.partialRecord(z.enum(KINDS), KindDescriptor),
  })
  .refine((d) => d.tenantSecret === undefined || secretNames(d.signIn).includes(d.tenantSecret), {
    path: ['tenantSecret'],
    message: 'is not used by signIn',
  });
export type Descriptor = z.output<typeof Descriptor>;
/** A descriptor as written, before defaults are filled in. */
export type DescriptorInput = z.input<typeof Descriptor>;

/** The names of the secrets that sign-in needs. */
export function secretNames(signIn: SignIn): readonly string[] {
  switch (signIn.type) {
    case 'none':
      return [];
    case 'headers':
      return Object.values(signIn.headers);
    case 'bearer':
      return [signIn.secret];
    case 'basic':
      return [signIn.user, signIn.password];
  }
  return signIn satisfies never;
}

/** What the engine is told of a kind (2.4): what is declared, how it is paged, and the times of the whole system. */
export const capabilitiesOf = (kind: KindDescriptor, { requestMs, settleMs }: Limits): Capabilities => ({
  ...kind.capabilities,
  paging: PAGED_BY[kind.list.paging.type],
  requestTimeoutMs: requestMs,
  settleMs,
});

const PAGED_BY: Readonly<Record<Paging['type'], Capabilities['paging']>> = {
  single: 'link',
  cursor: 'link',
  nextLink: 'link',
  skip: 'skip',
  page: 'skip',
};

/** The kinds a descriptor serves, in the order of O1, with how. */
export const kindEntries = (descriptor: Descriptor): readonly (readonly [Kind, KindDescriptor])[] =>
  KINDS.flatMap((name) => {
    const kind = descriptor.kinds[name];
    return kind === undefined ? [] : [[name, kind] as const];
  });
