import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'

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

/** Loads the chosen language's words; English is always there, for keys and for what is not known yet. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  })
  await useLanguageNow(preferred())
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(stored, language)
  await useLanguageNow(language)
}

async function useLanguageNow(language: Language | typeof pseudo): Promise<void> {
  if (language === 'zh' && !i18next.hasResourceBundle('zh', 'translation')) {
    const [{ zh }, { zhReasons }, { zhDoctor, zhDoctorValues }] = await Promise.all([import('./zh.ts'), import('./zh-reasons.ts'), import('./zh-doctor.ts')])
    i18next.addResourceBundle('zh', 'translation', zh)
    i18next.addResourceBundle('zh', 'reasons', zhReasons)
    i18next.addResourceBundle('zh', 'doctor', { checks: zhDoctor, values: zhDoctorValues })
  }
  if (language === pseudo) i18next.addResourceBundle(pseudo, 'translation', (await import('./pseudo.ts')).pseudoWords(en))
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language
}
