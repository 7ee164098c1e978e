import { SIDES } from '../../../../shared/domain.ts';
import type { Side, Value } from '../../../../shared/domain.ts';
import type { BaseMove } from '../../../store/bases.ts';
import type { StoredLink } from '../../../store/links.ts';
import type { Report } from './report.ts';
import { idIn, keyOf } from './view.ts';
import type { View } from './view.ts';

/** Judges links and bases: I7 and I9. */
export class Bases {
  readonly #view: View;
  readonly #report: Report;

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  /** I7, at the moment before a base moves: each side's value was read from that side. */
  async moving(move: BaseMove): Promise<void> {
    const link = await this.#view.fakes.store.links.get(move.linkId);
    if (link !== null) await this.#checkBase({ ...link, base: move.base });
  }

  /** I7 once more, whoever moved them: the bases as they are in the end. */
  async atEnd(): Promise<void> {
    for (const link of await this.#view.links()) await this.#checkBase(link);
  }

  /** I9, whenever links may have been made. */
  async checkPairs(): Promise<void> {
    const seen = new Set<string>();
    for (const link of await this.#view.links()) {
      if (link.state !== 'active' && link.state !== 'unverified') continue;
      for (const side of SIDES) {
        const nativeId = idIn(link, side);
        const key = keyOf(side, link.kind, nativeId);
        const check = this.#report.about({ side, kind: link.kind, nativeId });
        check(!seen.has(key), 'I9', () => `${key} has two links`);
        seen.add(key);
      }
    }
  }

  async #checkBase(link: StoredLink): Promise<void> {
    for (const side of SIDES) {
      const nativeId = idIn(link, side);
      const check = this.#report.about({ side, kind: link.kind, nativeId });
      for (const [name, value] of Object.entries(link.base[side])) {
        const reference = this.#view.flow(link.kind).property(name)?.reference;
        // O2: a reference left out for want of a link stands as empty.
        if (this.#view.flow(link.kind).property(name) === undefined || (reference !== undefined && value === null))
          continue;
        this.#report.marks.add('check:base');
        const native = reference === undefined ? value : await this.#nativeId(side, value);
        const wasRead = this.#wasRead(side, link, name, native);
        check(wasRead, 'I7', () => `the base of ${name} is ${String(value)}, which was never read there`);
      }
    }
  }

  async #nativeId(side: Side, value: Value): Promise<string | null> {
    const links = await this.#view.links();
    const link = links.find(({ id }) => `link:${String(id)}` === value);
    return link === undefined ? null : idIn(link, side);
  }

  #wasRead(side: Side, link: StoredLink, name: string, value: Value): boolean {
    return this.#view
      .heldOf(side, link.kind, idIn(link, side))
      .some(
        ({ wasShown, deed }) =>
          wasShown && deed.after !== null && this.#view.read(side, link.kind, deed.after)[name] === value,
      );
  }
}
