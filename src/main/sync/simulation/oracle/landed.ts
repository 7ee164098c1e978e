import { SIDES } from '../../../../shared/domain.ts';
import type { Side } from '../../../../shared/domain.ts';
import { atPath, isJsonObject } from '../../../../shared/json.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { Deed, Received } from '../../testing/fake-system.ts';
import type { Report } from './report.ts';
import { keyOf } from './view.ts';
import type { View } from './view.ts';
import type { Sent, Writes } from './writes.ts';

const KEPT_BY_SYSTEM: ReadonlySet<string> = new Set(['updatedAt', 'SistEndretDato', 'version']);

/** Judges what our writes did, from the systems' own histories. */
export class Landed {
  readonly #view: View;
  readonly #report: Report;
  readonly #writes: Writes;

  constructor(view: View, report: Report, writes: Writes) {
    this.#view = view;
    this.#report = report;
    this.#writes = writes;
  }

  check(): void {
    for (const side of SIDES) {
      const { history, received } = this.#view.fakes.of(side);
      for (const [seq, deed] of history.entries()) {
        const request = deed.request === null ? undefined : received[deed.request];
        if (request === undefined) continue;
        const sent = this.#writes.sent(request);
        const check = this.#report.about({ side, kind: deed.kind, nativeId: deed.nativeId });
        check(sent !== undefined, 'I8', () => 'a write landed that nobody was seen to send');
        check(deed.op !== 'remove', 'I12', () => 'our write removed it');
        if (sent !== undefined && deed.op === 'update') this.#checkUpdate(side, seq, deed, request, sent);
      }
      this.#checkLandings(side);
    }
  }

  /** I2, I6 and K2: what changed is what was sent, and what was overwritten is what A2 had seen. */
  #checkUpdate(side: Side, seq: number, deed: Deed, request: Received, sent: Sent): void {
    this.#report.marks.add('check:landed');
    const check = this.#report.about({ side, kind: deed.kind, nativeId: deed.nativeId });
    const isBlind = request.op === 'create' && this.#wasThere(side, deed, sent.readSeq);
    check(!isBlind, 'K2', () => 'a create was laid over a record that was there');
    if (request.altered) return;
    const [before, after] = [leaves(deed.before), leaves(deed.after)];
    const carried = sent.carried === null ? null : leaves(sent.carried);
    const edited = this.#pathsEdited(side, deed, sent, seq);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      if (KEPT_BY_SYSTEM.has(path) || edited.has(path)) continue;
      const [was, is] = [before.get(path), after.get(path)];
      if (request.values.has(path))
        check(
          was === is || carried === null || was === carried.get(path),
          'I2',
          () => `our write overwrote ${path} = ${String(was)}, which was not what A2 had seen`,
        );
      else check(was === is, 'I6', () => `our write changed ${path} from ${String(was)} to ${String(is)}`);
    }
  }

  /** Whoever comes between the look and a late landing cannot be seen (K9). */
  #wasThere(side: Side, { kind, nativeId }: Deed, readSeq: number): boolean {
    const before = this.#view.heldOf(side, kind, nativeId).findLast(({ seq }) => seq < readSeq);
    return before !== undefined && before.deed.after !== null;
  }

  /** Paths that somebody else changed between our reading and our landing: the window of I2. */
  #pathsEdited(side: Side, deed: Deed, sent: Sent, to: number): ReadonlySet<string> {
    const paths = new Set<string>();
    for (const { seq, deed: other } of this.#view.heldOf(side, deed.kind, deed.nativeId)) {
      if (seq < sent.readSeq || seq >= to || this.#isOfSameStore(side, other, sent)) continue;
      const [before, after] = [leaves(other.before), leaves(other.after)];
      for (const path of new Set([...before.keys(), ...after.keys()]))
        if (before.get(path) !== after.get(path)) paths.add(path);
    }
    return paths;
  }

  /** What is under way when a backup takes the store's place is known to nobody any more, and may land within the settle time. */
  #isOfSameStore(side: Side, { request }: Deed, { epoch }: Sent): boolean {
    const received = request === null ? undefined : this.#view.fakes.of(side).received[request];
    return received !== undefined && this.#writes.sent(received)?.epoch === epoch;
  }

  #wasRemoved(side: Side, { kind, nativeId }: Deed, after: number, before: number): boolean {
    return this.#view.fakes
      .of(side)
      .history.slice(after + 1, before)
      .some((deed) => deed.op === 'remove' && deed.kind === kind && deed.nativeId === nativeId);
  }

  /** I3: one record at most for each create. I17: no update lands twice, unless somebody undid it in between. */
  #checkLandings(side: Side): void {
    const landed = new Map<string, { readonly deed: Deed; readonly seq: number }>();
    const { history, received } = this.#view.fakes.of(side);
    for (const [seq, deed] of history.entries()) {
      const request = deed.request === null ? undefined : received[deed.request];
      const sent = request === undefined ? undefined : this.#writes.sent(request);
      if (sent === undefined) continue;
      const before = landed.get(sent.changeKey);
      landed.set(sent.changeKey, { deed, seq });
      const check = this.#report.about({ side, kind: deed.kind, nativeId: deed.nativeId });
      if (deed.op === 'create') {
        this.#report.marks.add('check:created');
        // What somebody removed before anybody could look for it is not there to be a second one.
        const isGone = before !== undefined && this.#wasRemoved(side, before.deed, before.seq, seq);
        check(
          before === undefined || isGone,
          'I3',
          () => `change ${sent.changeKey} made ${before?.deed.nativeId ?? ''} as well`,
        );
      } else {
        const key = keyOf(side, deed.kind, deed.nativeId);
        const isUndone = before !== undefined && this.#view.editedSince(side, deed.kind, deed.nativeId, before.seq);
        check(before === undefined || isUndone, 'I17', () => `change ${sent.changeKey} was applied twice to ${key}`);
      }
    }
  }
}

const known = new WeakMap<JsonObject, ReadonlyMap<string, string>>();
const NONE: ReadonlyMap<string, string> = new Map();

/** Every value of a record by dotted path, as text; a missing one has none. */
function leaves(raw: JsonObject | null): ReadonlyMap<string, string> {
  if (raw === null) return NONE;
  const before = known.get(raw);
  if (before !== undefined) return before;
  const found = new Map<string, string>();
  const walk = (value: JsonObject, prefix: string): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (isJsonObject(inner)) walk(inner, `${prefix}${name}.`);
      else found.set(`${prefix}${name}`, JSON.stringify(atPath(value, name)));
    }
  };
  walk(raw, '');
  known.set(raw, found);
  return found;
}
