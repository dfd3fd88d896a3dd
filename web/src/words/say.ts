import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Reason } from '../../../src/kit/reason.ts'

/** A reason in the language of the page; a code whose words are not known yet shows the server's English sentence. */
export type Say = (reason: Reason) => string

export function useSay(): Say {
  const { i18n } = useTranslation()
  return reason => sayReason(reason, i18n.language)
}

export function sayReason(reason: Reason, language: string): string {
  if (language === 'en') return reason.text
  // The edge: codes come from the server and are not known to the types of the words.
  const words: unknown = i18next.getResource(language, 'reasons', reason.code)
  return typeof words === 'string' ? fill(words, reason.parameters) : reason.text
}

/** Puts named values into `{{name}}`; a value that was not sent stays visible as its name. */
export const fill = (words: string, values: Reason['parameters']): string =>
  words.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
