import type { PresetView, SystemDraft, SystemTest, WorkspaceDraft } from '../../shared/contract/setup.ts';
import { SIDES } from '../../shared/domain.ts';
import type { Flow, Pair, Side } from '../../shared/domain.ts';
import type { Choices } from './slice.ts';

/** The flows that a person chooses from; departments come along with whoever refers to them. */
export const CHOSEN_FLOWS = [
  'customer-kunde',
  'employee-ansatt',
  'project-prosjekt',
] as const satisfies readonly Flow[];

/** The wizard as far as a person has come. */
export interface Draft {
  readonly name: string;
  readonly folder: string;
  readonly systems: Pair<SystemDraft>;
  readonly flows: readonly Flow[];
  /** What *Test* found last, as long as nothing was changed since. */
  readonly tested: Pair<SystemTest | null>;
}

export const systemOf = ({ name, url, secrets }: PresetView): SystemDraft => ({
  preset: name,
  url,
  secrets: Object.fromEntries(secrets.map(({ key, variable }) => [key, variable])),
});

export function firstDraft({ folder, presets }: Choices): Draft {
  const first = (side: Side): SystemDraft => {
    const preset = presets.find((one) => one.side === side);
    return preset === undefined ? { preset: '', url: '', secrets: {} } : systemOf(preset);
  };
  return {
    name: '',
    folder,
    systems: { customerp: first('customerp'), tidsbanken: first('tidsbanken') },
    flows: [...CHOSEN_FLOWS],
    tested: { customerp: null, tidsbanken: null },
  };
}

/** A system that was changed has to be tested anew. */
export const withSystem = (draft: Draft, side: Side, system: SystemDraft): Draft => ({
  ...draft,
  systems: { ...draft.systems, [side]: system },
  tested: { ...draft.tested, [side]: null },
});

const isVariable = (text: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(text);

export const isWhole = ({ url, secrets }: SystemDraft): boolean =>
  URL.canParse(url) && Object.values(secrets).every(isVariable);

/** What is sent; null while something that is needed is missing. */
export function toSend({ name, folder, systems, flows }: Draft): WorkspaceDraft | null {
  const isReady = name.trim() !== '' && folder.trim() !== '' && flows.length > 0;
  return isReady && SIDES.every((side) => isWhole(systems[side]))
    ? { name: name.trim(), folder: folder.trim(), systems, flows: [...flows] }
    : null;
}

export const isSound = (test: SystemTest | null): boolean => test !== null && test.problem === null;
