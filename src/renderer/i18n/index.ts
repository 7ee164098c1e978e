import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { nb } from './nb.ts';

export const LANGUAGES = ['en', 'nb'] as const;
export type Language = (typeof LANGUAGES)[number];

const texts = createInstance();
const REMEMBERED = 'tidsbro.language';
const NORWEGIAN = /^(nb|nn|no)\b/i;

/** What was chosen here before, else what the computer speaks, else English. */
export function firstLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  const known = LANGUAGES.find((language) => language === remembered);
  return known ?? (NORWEGIAN.test(navigator.language) ? 'nb' : 'en');
}

const tell = (language: string): void => {
  document.documentElement.lang = language;
};

/**
 * Both languages are in the bundle, so a switch needs no loading and works offline. `onMissing` hears of each text that
 * is asked for and not there.
 */
export async function startI18n(language: Language, onMissing?: (key: string) => void): Promise<void> {
  await texts.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, nb: { translation: nb } },
    interpolation: { escapeValue: false },
    returnNull: false,
    ...(onMissing === undefined
      ? {}
      : {
          saveMissing: true,
          missingKeyHandler: (_languages: readonly string[], _namespace: string, key: string) => onMissing(key),
        }),
  });
  tell(language);
}

export async function switchLanguage(language: Language): Promise<void> {
  localStorage.setItem(REMEMBERED, language);
  await texts.changeLanguage(language);
  tell(language);
}
