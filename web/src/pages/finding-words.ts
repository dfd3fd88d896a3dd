import i18next from 'i18next'
import type { FindingView } from '../../../src/contract/views.ts'

/** The finding's sentence in the language of the page; codes without one show the server's. */
export function findingWords(finding: FindingView): string {
  if (i18next.language === 'en') return finding.description
  // The edge: codes come from the server and are not known to the types of the words.
  const words: unknown = i18next.getResource(i18next.language, 'reasons', `finding.${finding.code}`)
  return typeof words === 'string' ? words : finding.description
}
