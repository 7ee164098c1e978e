import type { GroupView, PropertyView } from '../../shared/contract/views.ts';
import { otherSide } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';

type Shown = string | null | undefined;

/** How the window's language says values. */
export interface Speech {
  readonly yes: string;
  readonly no: string;
  /** The record that a change will create. */
  readonly created: string;
  readonly locale: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NORWEGIAN_PHONE = /^\+47(\d{2})(\d{2})(\d{2})(\d{2})$/;
/** How the service names a record of the target that is still to be created. */
const TO_BE_CREATED = '(new)';

/** A canonical value as a person reads it. What is no value of its type is shown as it is. */
export function presentValue(type: string, value: Shown, speech: Speech): Shown {
  if (typeof value !== 'string') return value;
  switch (type) {
    case 'boolean':
      return value === 'true' ? speech.yes : value === 'false' ? speech.no : value;
    case 'date':
      return DATE.test(value) ? dateText(value, speech.locale) : value;
    case 'phone':
      return value.replace(NORWEGIAN_PHONE, '+47 $1 $2 $3 $4');
    default:
      return value;
  }
}

/** In numbers, so that the differing digits of two dates can be marked. */
const dateText = (value: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(value),
  );

const withName = (id: Shown, name: string | undefined): Shown =>
  typeof id === 'string' && name !== undefined && name !== '' ? `${name} (${id})` : id;

type Written = GroupView['properties'][number];

/** A property with its values as a person reads them. `target` is the side that `desired` would be written to. */
export function presentProperty<P extends PropertyView | Written>(
  property: P,
  speech: Speech,
  target: Side | undefined,
): P {
  const present = (value: Shown, side: Side): Shown =>
    property.type === 'reference'
      ? withName(value, property.names?.[side])
      : presentValue(property.type, value, speech);
  const orEmpty = (value: string | null, side: Side): string | null => present(value, side) ?? null;
  const presented: PropertyView & Pick<Written, 'desired'> = { ...property };
  if (property.customerp !== undefined) presented.customerp = orEmpty(property.customerp, 'customerp');
  if (property.tidsbanken !== undefined) presented.tidsbanken = orEmpty(property.tidsbanken, 'tidsbanken');
  if (property.base !== undefined && property.type !== 'reference')
    presented.base = {
      customerp: orEmpty(property.base.customerp, 'customerp'),
      tidsbanken: orEmpty(property.base.tidsbanken, 'tidsbanken'),
    };
  if ('desired' in property && property.desired !== undefined && target !== undefined)
    presented.desired =
      property.desired === TO_BE_CREATED && property.type === 'reference'
        ? (withName(speech.created, property.names?.[otherSide(target)]) ?? null)
        : orEmpty(property.desired, otherSide(target));
  return { ...property, ...presented };
}
