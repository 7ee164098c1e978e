import { useTranslation } from 'react-i18next';
import type { CandidateView } from '../../shared/contract/views.ts';
import { DoneIcon, NotEqualIcon, NothingIcon } from './icons.ts';
import { useWords } from './use-words.ts';

type KeyView = CandidateView['keys'][number];

const ICONS = { agrees: DoneIcon, differs: NotEqualIcon, missing: NothingIcon } as const;
const RANK = { agrees: 0, differs: 1, missing: 2 } as const;

/** Why a record is suggested, key by key: what proves it, what speaks against it, and what nobody can compare. */
export function CandidateKeys({ keys }: { readonly keys: readonly KeyView[] }) {
  const sorted = keys.toSorted(
    (a, b) => Number(a.strength === 'weak') - Number(b.strength === 'weak') || RANK[a.outcome] - RANK[b.outcome],
  );
  return (
    <ul className="candidate-keys">
      {sorted.map((key) => (
        <KeyLine key={key.key} view={key} />
      ))}
    </ul>
  );
}

function KeyLine({ view }: { readonly view: KeyView }) {
  const { t } = useTranslation();
  const words = useWords();
  const Icon = ICONS[view.outcome];
  return (
    <li data-outcome={view.outcome}>
      <Icon size={14} aria-hidden />
      <span>
        <strong>{words.key(view.key)}</strong>:{' '}
        {view.own === null && view.outcome !== 'missing'
          ? t(`candidate.silent.${view.outcome}`)
          : t(`candidate.${view.outcome}`, { own: view.own, theirs: view.theirs })}
        {view.outcome === 'agrees' ? <span className="dim"> {t(`candidate.${view.strength}`)}</span> : null}
      </span>
    </li>
  );
}
