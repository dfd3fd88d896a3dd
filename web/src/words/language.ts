import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { en } from './en.ts'

/** The same keys as English, each with a text. */
export type Words = Texts<typeof en>
type Texts<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Texts<Tree[Key]> }

export type Language = 'en' | 'zh'
export const languages: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

const stored = 'orchestrator-language'
/** For tests alone; in no menu. */
const pseudo = 'en-XA'

function preferred(): Language | typeof pseudo {
  const chosen = localStorage.getItem(stored)
  if (chosen === 'en' || chosen === 'zh' || chosen === pseudo) return chosen
  return navigator.languages
    .find(each => /^(en|zh)\b/i.test(each))
    ?.toLowerCase()
    .startsWith('zh') === true
    ? 'zh'
    : 'en'
}

/** Loads the chosen language's words; English comes after them, for what is not known in it yet. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({ fallbackLng: 'en', resources: {}, interpolation: { escapeValue: false } })
  await useLanguageNow(preferred())
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(stored, language)
  await useLanguageNow(language)
}

// The edge: the last one has the same keys as English, made one by one.
const first: Readonly<Record<Language | typeof pseudo, () => Promise<Words>>> = {
  en: () => import('./en.ts').then(words => words.en),
  zh: () => import('./zh.ts').then(words => words.zh),
  [pseudo]: () => Promise.all([import('./pseudo.ts'), import('./en.ts')]).then(([{ pseudoWords }, { en: words }]): Words => pseudoWords(words) as Words),
}

async function useLanguageNow(language: Language | typeof pseudo): Promise<void> {
  await load(language)
  // The page need not wait for what few of its parts say; a failure to load leaves these as they are.
  if (language === 'zh') void loadFurther()
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language
}

async function load(language: Language | typeof pseudo): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) i18next.addResourceBundle(language, 'translation', await first[language]())
}

async function loadFurther(): Promise<void> {
  if (i18next.hasResourceBundle('zh', 'reasons')) return
  const [{ zhReasons }, { zhDoctor, zhDoctorValues }] = await Promise.all([import('./zh-reasons.ts'), import('./zh-doctor.ts'), load('en')])
  i18next.addResourceBundle('zh', 'reasons', zhReasons)
  i18next.addResourceBundle('zh', 'doctor', { checks: zhDoctor, values: zhDoctorValues })
}
