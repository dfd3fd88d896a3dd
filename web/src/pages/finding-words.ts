import i18next from 'i18next'
import type { FindingView } from '../../../src/contract/views.ts'
import { findingTitles } from '../words/findings.ts'

/** What is wrong, in the language of the page; a code without words of ours shows the server's sentence. */
export const findingWords = (finding: Pick<FindingView, 'code' | 'description'>): string => findingTitles[finding.code]?.[i18next.language === 'zh' ? 1 : 0] ?? finding.description
