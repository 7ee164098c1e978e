import { useTranslation } from 'react-i18next';
import type { MismatchDetail, PropertyView } from '../../../shared/contract/views.ts';
import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { SideName } from '../../ui/parts.tsx';
import { presentProperty } from '../../ui/present.ts';
import { useSpeech } from '../../ui/use-speech.ts';
import { useWords } from '../../ui/use-words.ts';
import { ComparedValue, ValueText } from '../../ui/ValueDiff.tsx';

/** What the decision is about: what differs in the group, or all of it; of an invalid value its property; numbers that changed. */
function inQuestion({ kind, properties, group, detail }: MismatchDetail): readonly PropertyView[] {
  if (kind === 'identityChanged')
    return properties.filter(({ property }) => SIDES.some((side) => `${side}.${property}` in detail));
  const named = detail['property'];
  const own = properties.filter((one) => (group === null ? one.property === named : one.group === group));
  const differing = own.filter(({ differs }) => differs);
  return differing.length === 0 ? own : differing;
}

/** The values that the decision is about, before the ways out: Customerp, last agreed, Tidsbanken. */
export function InQuestion({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const shown = inQuestion(mismatch);
  if (shown.length === 0) return null;
  const hasBase = shown.some(({ base }) => base !== undefined);
  return (
    <table className="properties in-question">
      <caption className="visually-hidden">{t('mismatches.inQuestion')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('property.name')}</th>
          <th scope="col">
            <SideName side="customerp" />
          </th>
          {hasBase ? <th scope="col">{t('property.base')}</th> : null}
          <th scope="col">
            <SideName side="tidsbanken" />
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((property) => (
          <QuestionRow key={property.property} property={property} hasBase={hasBase} />
        ))}
      </tbody>
    </table>
  );
}

interface QuestionRowProps {
  readonly property: PropertyView;
  readonly hasBase: boolean;
}

function QuestionRow({ property, hasBase }: QuestionRowProps) {
  const words = useWords();
  const shown = presentProperty(property, useSpeech(), undefined);
  const { base } = shown;
  return (
    <tr>
      <th scope="row">{words.property(property.property)}</th>
      <SideCell shown={shown} stored={property} side="customerp" />
      {hasBase ? (
        <td>
          {base === undefined ? null : (
            <>
              <ValueText value={base.customerp} />
              {base.customerp === base.tidsbanken ? null : (
                <>
                  {' | '}
                  <ValueText value={base.tidsbanken} />
                </>
              )}
            </>
          )}
        </td>
      ) : null}
      <SideCell shown={shown} stored={property} side="tidsbanken" />
    </tr>
  );
}

interface SideCellProps {
  readonly shown: PropertyView;
  readonly stored: PropertyView;
  readonly side: Side;
}

/** A value that can be copied, to be typed into the other system by a person. Masked ones and ids cannot. */
function SideCell({ shown, stored, side }: SideCellProps) {
  const { t } = useTranslation();
  const words = useWords();
  const value = stored[side];
  const canCopy = typeof value === 'string' && !stored.sensitive && stored.type !== 'reference';
  return (
    <td>
      <span className="copyable">
        <ComparedValue value={shown[side]} against={shown[otherSide(side)]} />
        {canCopy ? (
          <CopyButton
            value={value}
            label={t('action.copy', { property: words.property(stored.property), system: t(`side.${side}`) })}
          />
        ) : null}
      </span>
    </td>
  );
}
