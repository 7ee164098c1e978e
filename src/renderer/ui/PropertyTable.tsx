import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { GroupView, PropertyView } from '../../shared/contract/views.ts';
import { otherSide, SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import { TowardsCustomerpIcon, TowardsTidsbankenIcon } from './icons.ts';
import { SideName } from './parts.tsx';
import { presentProperty } from './present.ts';
import { useSpeech } from './use-speech.ts';
import { useWords } from './use-words.ts';
import { ComparedValue, ValueDiff, ValueText } from './ValueDiff.tsx';

type WrittenProperty = GroupView['properties'][number];
export interface PropertyGroup {
  readonly group: string;
  readonly properties: readonly (PropertyView | WrittenProperty)[];
  /** What stands beside the group's name: why it is here, and its own decisions. */
  readonly aside?: ReactNode;
}

interface PropertyTableProps {
  readonly caption: string;
  readonly groups: readonly PropertyGroup[];
  /** The side that will be written, where a change is shown. */
  readonly target?: Side;
}

/** Properties as a person compares them: Customerp, what both last agreed on, Tidsbanken. */
export function PropertyTable({ caption, groups, target }: PropertyTableProps) {
  const { t } = useTranslation();
  const words = useWords();
  // Where nothing was ever agreed on, its column would only take room from the values.
  const hasBase = groups.some(({ properties }) => properties.some(({ base }) => base !== undefined));
  return (
    <table className="properties">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('property.name')}</th>
          <th scope="col">
            <SideName side="customerp" />
          </th>
          {hasBase ? (
            <th scope="col" className="properties-base">
              {t('property.base')}
            </th>
          ) : null}
          <th scope="col">
            <SideName side="tidsbanken" />
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.group}>
          {group.aside === undefined ? null : (
            <tr className="properties-group">
              <th scope="rowgroup" colSpan={hasBase ? 4 : 3}>
                <div className="properties-grouphead">
                  <span>{words.group(group.group)}</span>
                  {group.aside}
                </div>
              </th>
            </tr>
          )}
          {group.properties.map((property) => (
            <PropertyRow key={property.property} property={property} target={target} hasBase={hasBase} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface PropertyRowProps {
  readonly property: PropertyView | WrittenProperty;
  readonly target: Side | undefined;
  readonly hasBase: boolean;
}

function PropertyRow({ property: stored, target, hasBase }: PropertyRowProps) {
  const { t } = useTranslation();
  const words = useWords();
  const property = presentProperty(stored, useSpeech(), target);
  const names = SIDES.map((side) => property.fields[side]).join(' / ');
  return (
    <tr data-differs={property.differs}>
      <th scope="row" title={names}>
        {words.property(property.property)}
        {isAgreed(stored) ? <span className="properties-flag">{t('property.accepted')}</span> : null}
        {property.sensitive ? <span className="properties-flag">{t('property.sensitive')}</span> : null}
        {property.warning === undefined ? null : <span className="properties-flag">{t('property.checkDigit')}</span>}
      </th>
      <td>
        <SideValue property={property} side="customerp" target={target} />
      </td>
      {hasBase ? <BaseCell base={property.base} /> : null}
      <td>
        <SideValue property={property} side="tidsbanken" target={target} />
      </td>
    </tr>
  );
}

/** Both sides hold what they last agreed on, and that was a difference: a person accepted it, or took a write back (R6, 7.5). */
const isAgreed = ({ differs, base, customerp, tidsbanken }: PropertyView): boolean =>
  differs && base !== undefined && base.customerp === customerp && base.tidsbanken === tidsbanken;

function BaseCell({ base }: { readonly base: PropertyView['base'] }) {
  const { t } = useTranslation();
  return (
    <td className="properties-base">
      {base === undefined ? (
        <span className="value-none">{t('property.noBase')}</span>
      ) : (
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
  );
}

interface SideValueProps extends Pick<PropertyRowProps, 'property' | 'target'> {
  readonly side: Side;
}

function SideValue({ property, side, target }: SideValueProps) {
  const desired = 'desired' in property ? property.desired : undefined;
  const now = property[side];
  if (side !== target || desired === undefined || desired === now) {
    // Beside a write the source is compared with what it was; otherwise the two sides with each other.
    const other = property.differs ? property[otherSide(side)] : undefined;
    return <ComparedValue value={now} against={target === undefined ? other : property.base?.[side]} />;
  }
  const Arrow = target === 'tidsbanken' ? TowardsTidsbankenIcon : TowardsCustomerpIcon;
  return (
    <span className="property-written">
      <Arrow size={16} aria-hidden className="property-arrow" />
      {now === undefined ? (
        <ins className="value-after">{<ValueText value={desired} />}</ins>
      ) : (
        <ValueDiff now={now} desired={desired} />
      )}
    </span>
  );
}

/** Properties in the order they came, one entry a group. */
export function byGroup(properties: readonly PropertyView[]): readonly PropertyGroup[] {
  const groups = Map.groupBy(properties, (property) => property.group);
  return [...groups].map(([group, members]) => ({ group, properties: members }));
}
