import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Reason } from '../../../src/kit/reason.ts'
import { withNames } from '../instance/names.ts'
import { enReasons } from './en-reasons.ts'
import { type ReasonWords, wordsFor } from './reason-words.ts'

/** A reason in the language of the page, with servers called as on the page; a code whose words are not known yet shows the server's English sentence. */
export type Say = (reason: Reason) => string

export function useSay(): Say {
  const { i18n } = useTranslation()
  return reason => sayReason(reason, i18n.language)
}

export const sayReason = (reason: Reason, language: string): string =>
  withNames(wordsFor(language === 'en' ? enReasons : reasonsOfLanguage(language), reason.code, reason.parameters) ?? reason.text)

// The edge: the bundle is put there by language.ts and has this shape.
const reasonsOfLanguage = (language: string): ReasonWords => (i18next.getResourceBundle(language, 'reasons') as ReasonWords | undefined) ?? {}
