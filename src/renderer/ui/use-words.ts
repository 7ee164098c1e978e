import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Names as a customer says them. One that an operator's own mapping brought is spelled out as words. */
export interface Words {
  readonly property: (name: string) => string;
  readonly group: (name: string) => string;
  /** A match key, such as `nameAndPostcode`: the properties it is made of. */
  readonly key: (name: string) => string;
  readonly event: (name: string) => string;
  /** Why a record was skipped. */
  readonly because: (reason: string) => string;
  readonly fact: (name: string) => string;
}

/** A name as words: `organizationNumber` reads "Organization number". */
export function spelledOut(name: string): string {
  const spaced = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[._-]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const partsOf = (key: string): string[] =>
  key.split(/And(?=[A-Z])/).map((part) => part.charAt(0).toLowerCase() + part.slice(1));

export function useWords(): Words {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const told = (key: string, otherwise: string): string => (i18n.exists(key) ? t(key) : otherwise);
    const property = (name: string): string => told(`prop.${name}`, spelledOut(name));
    return {
      property,
      group: (name) => told(`group.${name}`, property(name)),
      key: (name) => partsOf(name).map(property).join(' + '),
      event: (name) => told(`event.${name}`, spelledOut(name)),
      because: (reason) => told(`because.${reason}`, told(`mismatch.${reason}.title`, t('because.other'))),
      fact: (name) => told(`fact.${name}`, spelledOut(name)),
    };
  }, [t, i18n]);
}
