/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
import { ok } from '../../../shared/domain.ts';
import type { Kind, Props, Result, Side } from '../../../shared/domain.ts';
import { atPath, withPath } from '../../../shared/json.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type {
  Capabilities,
  CollectRequest,
  Connector,
  ConnectorFailure,
  Page,
  RawRecord,
  ReadRequest,
  UpdateRequest,
  WriteResult,
} from '../../connectors/connector.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { Step, StoredChange } from '../../store/changes.ts';
import type { CollectionEnd } from '../../store/collections.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { SyncContext } from '../context.ts';
import type { Mutant } from './world.ts';
import { openChanges } from '../../store/open-items.fixture.ts';

/**
 * Engine faults put in on purpose: each breaks one rule by standing between the engine and what it works with. An
 * oracle that lets one of them pass is worth nothing.
 */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'no wait for late commits (7.4)': (ctx) =>
    onConnectors(ctx, 'capabilities', (act) => (...args) => ({ ...(act(...args) as Capabilities), settleMs: 0 })),

  'an unknown outcome is simply sent again (7.4)': (ctx) => {
    return onConnectors(
      onConnectors(
        ctx,
        'update',
        (act) =>
          (...args) =>
            twice(act, args),
      ),
      'create',
      (act) =>
        (...args) =>
          twice(act, args),
    );
  },

  'recovery takes what was under way for not sent (Z5)': (ctx) =>
    onAdvance(ctx, async (go, id, step) => go(id, step.state === 'unknown' ? { ...step, state: 'approved' } : step)),

  'no look before a create (K2)': (ctx) => {
    let isLooking = false;
    const watched = onAdvance(ctx, async (go, id, step) => {
      if (step.state === 'preparing' && step.intent !== undefined) isLooking = true;
      else isLooking &&= step.state === 'preparing';
      return go(id, step);
    });
    const blind = onConnectors(
      watched,
      'find',
      (act) =>
        async (...args) =>
          isLooking ? ok([]) : act(...args),
    );
    return onConnectors(
      blind,
      'read',
      (act) =>
        async (...args) =>
          isLooking ? ok(null) : act(...args),
    );
  },

  'no compare before a write (A3)': (ctx) => {
    const collected = new Map<string, RawRecord>();
    let isPreparing = false;
    const watched = onAdvance(ctx, async (go, id, step) => {
      isPreparing = step.state === 'preparing' && step.intent === undefined;
      return go(id, step);
    });
    const kept = onPages(watched, (side, request, page) => {
      for (const record of page.records) collected.set(`${side}:${request.kind}:${record.nativeId}`, record);
      return page;
    });
    return onReads(kept, (side, request, record) => {
      const old = collected.get(`${side}:${request.kind}:${record.nativeId}`);
      return isPreparing && old !== undefined ? { ...record, raw: { ...record.raw, ...old.raw } } : record;
    });
  },

  'the base moves before the write was read back (W1)': (ctx) =>
    onAdvance(ctx, async (go, id, step) => {
      const change = await ctx.store.changes.get(id);
      if (step.state !== 'acked' || change === null || change.linkId === null) return go(id, step);
      const desired: Props = Object.fromEntries(
        change.groups.filter((g) => g.approved).flatMap((g) => g.members.map((m) => [m.property, m.desired])),
      );
      const base = {
        linkId: change.linkId,
        base: { customerp: desired, tidsbanken: desired },
        mapping: flowOf(ctx, change.kind).version,
      };
      return go(id, { ...step, base });
    }),

  'what was taken back is the base of both sides (7.5)': (ctx) =>
    onAdvance(ctx, async (go, id, step) => {
      const isUndo = (await ctx.store.changes.get(id))?.origin === 'undo';
      if (!isUndo || step.base === undefined || step.groups === undefined) return go(id, step);
      const restored: Props = Object.fromEntries(
        step.groups.flatMap((g) => g.members.map((m) => [m.property, m.desired])),
      );
      return go(id, { ...step, base: { ...step.base, base: { customerp: restored, tidsbanken: restored } } });
    }),

  'a run approves what is to be taken back (7.5)': (ctx) =>
    onStore(ctx, 'changes', 'ready', (act) => async (...args) => {
      const { changes } = ctx.store;
      for (const id of await changes.idsIn(['planned']))
        if ((await changes.get(id))?.origin === 'undo') await changes.approve(id, 'all', 'rule:all', true, []);
      return act(...args);
    }),

  'a yes of the system counts as read back (A8)': (ctx) => {
    let sent: UpdateRequest | null = null;
    let isAcked = false;
    const watched = onAdvance(ctx, async (go, id, step) => {
      isAcked = step.state === 'acked';
      return go(id, step);
    });
    const noting = onConnectors(watched, 'update', (act) => (...args) => {
      [sent] = args as [UpdateRequest];
      return act(...args);
    });
    return onReads(noting, (_, request, record) =>
      isAcked && sent !== null && sent.nativeId === request.nativeId
        ? { ...record, raw: [...sent.values].reduce((raw, [path, value]) => withPath(raw, path, value), record.raw) }
        : record,
    );
  },

  'a delta proves absence (T4)': (ctx) =>
    onStore(ctx, 'collections', 'begin', (act) => (run, side, kind, _mode, at) => act(run, side, kind, 'full', at)),

  'the watermark runs ahead (T1)': (ctx) =>
    onStore(ctx, 'collections', 'finish', (act) => (id, end, journal) => {
      const { modifiedAt, ...rest } = end as CollectionEnd;
      return act(id, { ...rest, modifiedAt: modifiedAt === null ? null : modifiedAt + 3_600_000 }, journal);
    }),

  'a collection that was cut short counts as complete (C3)': (ctx) => ({
    ...ctx,
    connectors: mapConnectors(ctx, (connector) =>
      patched(
        connector,
        'collect',
        (act) =>
          (...args) =>
            untilFailure(act(...args) as Pages),
      ),
    ),
  }),

  'unmapped fields are left out of a full-object write (A4)': (ctx) =>
    onConnectors(ctx, 'update', (act, side) => (...args) => {
      const [request] = args as [UpdateRequest];
      const known = flowOf(ctx, request.kind).fieldsToRead(side);
      const raw = known.reduce<JsonObject>(
        (less, path) => withPath(less, path, atPath(request.current.raw, path) ?? null),
        {},
      );
      return act({ ...request, current: { ...request.current, raw } });
    }),

  'a run of one record writes whatever is approved (T4)': (ctx) => {
    const { only: _, ...request } = ctx.request;
    return { ...ctx, request };
  },

  'what the filter leaves out takes part (C7)': (ctx) =>
    onStore(ctx, 'records', 'getMany', (act) => async (...args) => {
      const records = (await act(...args)) as ReadonlyMap<string, StoredRecord>;
      return new Map([...records].map(([id, record]) => [id, { ...record, props: withoutMark(record.props) }]));
    }),

  'every record counts as referred to (M5)': (ctx) => ({
    ...ctx,
    flows: new Map([...ctx.flows].map(([kind, flow]) => [kind, { ...flow, mapping: creatingEvery(flow) }])),
  }),

  'who asks for time gets none (J3)': (ctx) =>
    onConnectors(ctx, 'update', (act) => async (...args) => {
      const result = (await act(...args)) as WriteResult;
      return result.kind === 'slowDown' ? { ...result, retryAfterMs: 0 } : result;
    }),

  'a checklist puts nothing back (7.6)': (ctx) =>
    onStore(ctx, 'changes', 'addDecided', (act) => (...args) => {
      const [{ fingerprint }] = args as [{ readonly fingerprint: string }];
      return fingerprint.includes(':back:') ? null : act(...args);
    }),

  'the journal is not kept (J1)': (ctx) => onAdvance(ctx, (go, id, step) => go(id, { ...step, journal: [] })),

  '`sending` is noted after the request (A5)': (ctx) => {
    let owed: (() => Promise<unknown>) | null = null;
    const late = onAdvance(ctx, async (go, id, step) => {
      if (step.state !== 'sending') return go(id, step);
      owed = () => go(id, step);
      return true;
    });
    const paying =
      (act: Act) =>
      async (...args: Args) => {
        const result = await act(...args);
        await owed?.();
        owed = null;
        return result;
      };
    return onConnectors(onConnectors(late, 'update', paying), 'create', paying);
  },

  'rails hold nothing back (I13)': (ctx) =>
    onStore(ctx, 'plans', 'save', (act) => async (...args) => {
      const planId = await act(...args);
      const { changes } = ctx.store;
      for (const kind of ctx.request.kinds) {
        const held = (await openChanges(ctx.store, kind)).filter((c) => c.planId === planId && c.rail !== null);
        const items = held.map(({ id, groups }) => ({ id, groups: groups.map(({ group }) => group) }));
        await changes.approveMany(items, 'nobody', true, []);
      }
      return planId;
    }),

  'what is planned needs no approval (I14)': (ctx) => {
    const { changes } = ctx.store;
    const taken = async (id: number): Promise<StoredChange | null> => {
      const change = await changes.get(id);
      return change?.state === 'planned' ? { ...change, state: 'approved', rail: null } : change;
    };
    const listed = onStore(ctx, 'changes', 'ready', () => async () => {
      const ids = await changes.idsIn(['planned', 'approved', 'deferred']);
      return (await Promise.all(ids.map(taken))).filter((change) => change !== null);
    });
    const shown = onStore(listed, 'changes', 'get', () => (id) => taken(id as number));
    return onStore(shown, 'changes', 'advance', (act) => (id, step) => act(id, step));
  },

  'an approval never lapses (V2)': (ctx) => ({
    ...ctx,
    settings: { ...ctx.settings, approvalLapsesMs: Number.POSITIVE_INFINITY },
  }),

  'a preview writes what was approved (I11)': (ctx) =>
    ctx.request.mode === 'preview' ? { ...ctx, request: { ...ctx.request, mode: 'manual', approve: null } } : ctx,

  'the source is never read again (A2)': (ctx) => ({
    ...ctx,
    settings: { ...ctx.settings, observedMaxAgeMs: Number.POSITIVE_INFINITY },
  }),

  'what cannot be read counts as empty (N4)': (ctx) => ({
    ...ctx,
    flows: new Map([...ctx.flows].map(([kind, flow]) => [kind, { ...flow, read: readingInvalidAsEmpty(flow) }])),
  }),

  'the journal tells what is sensitive (I19)': (ctx) => {
    const whole = onConnectors(
      ctx,
      'read',
      (act) =>
        (...args) =>
          act({ ...(args[0] as ReadRequest), fields: 'all' }),
    );
    return onConnectors(whole, 'read', (act) => async (...args) => {
      const read = await act(...args);
      await ctx.store.tell([{ event: 'debug', detail: { read } }]);
      return read;
    });
  },
};

const twice = async (act: Act, args: Args): Promise<unknown> => {
  const result = (await act(...args)) as WriteResult;
  return result.kind === 'unknown' ? act(...args) : result;
};

type Args = readonly unknown[];
type Act = (...args: Args) => unknown;
type Pages = AsyncGenerator<Result<Page, ConnectorFailure>, void, void>;

function flowOf(ctx: SyncContext, kind: Kind): CompiledFlow {
  const flow = ctx.flows.get(kind);
  if (flow === undefined) throw new Error(`There is no flow of ${kind}.`);
  return flow;
}

/** The same object, but for one method. */
function patched<T extends object>(target: T, method: string, change: (act: Act) => Act): T {
  return new Proxy(target, {
    get(inner, key): unknown {
      const value: unknown = Reflect.get(inner, key, inner);
      if (typeof value !== 'function') return value;
      const act = value.bind(inner) as Act;
      return key === method ? change(act) : act;
    },
  });
}

const mapConnectors = (ctx: SyncContext, change: (connector: Connector) => Connector): SyncContext['connectors'] => ({
  customerp: change(ctx.connectors.customerp),
  tidsbanken: change(ctx.connectors.tidsbanken),
});

const onConnectors = (ctx: SyncContext, method: string, change: (act: Act, side: Side) => Act): SyncContext => ({
  ...ctx,
  connectors: mapConnectors(ctx, (connector) => patched(connector, method, (act) => change(act, connector.side))),
});

function onStore(ctx: SyncContext, repository: keyof Store, method: string, change: (act: Act) => Act): SyncContext {
  return { ...ctx, store: { ...ctx.store, [repository]: patched(ctx.store[repository], method, change) } };
}

type Go = (id: number, step: Step) => Promise<boolean>;

const onAdvance = (ctx: SyncContext, change: (go: Go, id: number, step: Step) => Promise<boolean>): SyncContext =>
  onStore(
    ctx,
    'changes',
    'advance',
    (act) => (id, step, read) =>
      change((its, next) => act(its, next, read) as Promise<boolean>, id as number, step as Step),
  );

const onReads = (
  ctx: SyncContext,
  change: (side: Side, request: ReadRequest, record: RawRecord) => RawRecord,
): SyncContext =>
  onConnectors(ctx, 'read', (act, side) => async (...args) => {
    const read = (await act(...args)) as Result<RawRecord | null, ConnectorFailure>;
    return read.ok && read.value !== null ? ok(change(side, args[0] as ReadRequest, read.value)) : read;
  });

const onPages = (ctx: SyncContext, change: (side: Side, request: CollectRequest, page: Page) => Page): SyncContext =>
  onConnectors(
    ctx,
    'collect',
    (act, side) =>
      (...args) =>
        changedPages(act(...args) as Pages, (page) => change(side, args[0] as CollectRequest, page)),
  );

async function* changedPages(pages: Pages, change: (page: Page) => Page): Pages {
  for await (const page of pages) yield page.ok ? ok(change(page.value)) : page;
}

/** Ends quietly where a page fails, and forgets the count that would tell. */
async function* untilFailure(pages: Pages): Pages {
  for await (const page of pages) {
    if (!page.ok) return;
    yield ok({ ...page.value, total: null });
  }
}

const readingInvalidAsEmpty =
  (flow: CompiledFlow): CompiledFlow['read'] =>
  (side, raw, options) => {
    const read = flow.read(side, raw, options);
    return {
      ...read,
      invalid: [],
      props: { ...Object.fromEntries(read.invalid.map((i) => [i.property, null])), ...read.props },
    };
  };

/** No property's name has a colon: what has one says that a filter leaves the record out. */
const withoutMark = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([name]) => !name.includes(':')));

function creatingEvery({ mapping }: CompiledFlow): CompiledFlow['mapping'] {
  const { automatic, rule } = mapping.create.tidsbanken;
  return rule === 'ifReferredTo'
    ? { ...mapping, create: { ...mapping.create, tidsbanken: { rule: 'every', automatic } } }
    : mapping;
}
