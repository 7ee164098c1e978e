import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { late } from '../late.ts';
import { en } from './en.ts';

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

/** English is there at once, because every text that another language lacks is shown in it. */
const NORWEGIAN_TEXTS = late(async () => (await import('./nb.ts')).nb);

const textsOf = (language: Language) => (language === 'en' ? Promise.resolve(en) : NORWEGIAN_TEXTS.load());

/**
 * Starts with the texts of a language; where they cannot be loaded, in English, and the switch of the language says so.
 * `onMissing` hears of each text that is asked for and not there.
 */
export async function startI18n(wanted: Language, onMissing?: (key: string) => void): Promise<void> {
  const own = await textsOf(wanted).catch(() => null);
  const language = own === null ? 'en' : wanted;
  await texts.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, ...(own === null ? {} : { [language]: { translation: own } }) },
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

/** Rejects, and leaves the language as it is, when its texts cannot be loaded. */
export async function switchLanguage(language: Language): Promise<void> {
  texts.addResourceBundle(language, 'translation', await textsOf(language));
  localStorage.setItem(REMEMBERED, language);
  await texts.changeLanguage(language);
  tell(language);
}
