import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export interface Format {
  readonly count: (value: number) => string;
  /** A moment: day and clock. */
  readonly moment: (at: number) => string;
  /** How long ago, in the coarsest unit that says something. */
  readonly ago: (at: number, now: number) => string;
  /** A share from 0 to 1, in whole percent. */
  readonly share: (value: number) => string;
  /** Seconds as a person says them. */
  readonly seconds: (value: number) => string;
}

const LOCALE: Readonly<Record<string, string>> = { en: 'en-GB', nb: 'nb-NO' };
const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;

export const localeOf = (language: string): string => LOCALE[language] ?? 'en-GB';

export function formatFor(language: string): Format {
  const locale = localeOf(language);
  const counts = new Intl.NumberFormat(locale);
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const agos = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const inUnit = (value: number, unit: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(
      value,
    );
  return {
    count: (value) => counts.format(value),
    share: (value) => shares.format(value),
    moment: (at) => moments.format(at),
    ago: (at, now) => {
      const passed = Math.max(0, (now - at) / 1000);
      const unit = UNITS.find((u) => passed >= u.seconds);
      return unit === undefined ? agos.format(0, 'second') : agos.format(-Math.floor(passed / unit.seconds), unit.unit);
    },
    seconds: (value) => {
      if (value < 1) return inUnit(1, 'second');
      if (value < 90) return inUnit(Math.round(value), 'second');
      return value < 5400 ? inUnit(Math.round(value / 60), 'minute') : inUnit(value / 3600, 'hour');
    },
  };
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => formatFor(i18n.language), [i18n.language]);
}
