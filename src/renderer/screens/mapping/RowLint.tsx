import { useTranslation } from 'react-i18next';
import type { LintFindingView } from '../../../shared/contract/mapping-views.ts';
import { otherSide } from '../../../shared/domain.ts';
import { SideName, StateBadge } from '../../ui/parts.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useWords } from '../../ui/use-words.ts';
import { ValueText } from '../../ui/ValueDiff.tsx';
import { EFFECT_TONE } from './MappingTable.tsx';

/** What the lint says of a row: what happens, what to do, and some records that show it. */
export function RowLint({ findings }: { readonly findings: readonly LintFindingView[] }) {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  return (
    <section aria-label={t('mapping.lint')}>
      <h3>{t('mapping.lint')}</h3>
      <ul className="mapping-findings">
        {findings.map((finding) => (
          <li key={`${finding.kind} ${finding.side ?? ''} ${finding.effect}`}>
            <Finding finding={finding} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Finding({ finding }: { readonly finding: LintFindingView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const told = useFindingText()(finding);
  return (
    <>
      <p>
        <StateBadge tone={EFFECT_TONE[finding.effect]}>{t(`lintEffect.${finding.effect}`)}</StateBadge>{' '}
        {finding.count === 0 ? null : t('mapping.shown', { count: finding.count, shown: format.count(finding.count) })}{' '}
        <span className="dim">{t(`lintSource.${finding.source}`)}</span>
      </p>
      <p lang={told.asItCame ? 'en' : undefined}>
        {told.what} {told.todo}
      </p>
      {finding.examples.length === 0 ? null : (
        <ul className="mapping-examples">
          {finding.examples.map(({ side, nativeId, label, ...values }) => (
            <li key={`${side} ${nativeId}`}>
              <SideName side={side} short /> {label} ({nativeId})
              {'value' in values ? (
                <>
                  {': '}
                  <ValueText value={values.value} />
                </>
              ) : null}
              {'there' in values ? (
                <>
                  {' → '}
                  <ValueText value={values.there} />
                </>
              ) : null}
              {'back' in values ? (
                <>
                  {' → '}
                  <ValueText value={values.back} />
                </>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The sentences of a finding in the window's language; the host's own English where it has none. */
function useFindingText(): (finding: LintFindingView) => { what: string; todo: string; asItCame: boolean } {
  const { t, i18n } = useTranslation();
  const words = useWords();
  return (finding) => {
    const { kind, facts, property, side } = finding;
    if (!i18n.exists(`lint.${kind}.what`)) return { what: finding.what, todo: finding.todo, asItCame: true };
    const values = {
      ...facts,
      property: property === undefined ? '' : words.property(property),
      here: side === undefined ? '' : t(`side.${side}`),
      there: side === undefined ? '' : t(`side.${otherSide(side)}`),
      ...('other' in facts ? { other: words.property(String(facts['other'])) } : {}),
      ...('type' in facts ? { type: t(`valueType.${String(facts['type'])}`) } : {}),
      ...('json' in facts ? { json: t(`fieldJson.${String(facts['json'])}`) } : {}),
    };
    const near = facts['near'] === undefined || facts['near'] === '' ? '' : `${t('mapping.didYouMean', values)} `;
    return { what: t(`lint.${kind}.what`, values), todo: `${near}${t(`lint.${kind}.todo`, values)}`, asItCame: false };
  };
}
