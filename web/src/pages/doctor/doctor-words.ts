import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DoctorReport } from '../../../../src/contract/doctor.ts'
import { withNames } from '../../instance/names.ts'
import { type ReasonWords, wordsFor } from '../../words/reason-words.ts'
import { sayStep } from '../../words/story-sentences.ts'
import type { zhDoctor, zhDoctorValues } from '../../words/zh-doctor.ts'

export type Complaint = DoctorReport['complaints'][number]
type FoundWell = DoctorReport['well'][number]

interface DoctorWords {
  readonly says: (complaint: Complaint) => string
  readonly mend: (complaint: Complaint) => string
  readonly looksAt: (found: FoundWell) => string
}

/** Complaints in the language of the page; what has no words there yet is shown as the server says it. */
export function useDoctorWords(): DoctorWords {
  const { i18n } = useTranslation()
  // Some values are sentences of the server themselves.
  const reasons = (i18next.getResourceBundle(i18n.language, 'reasons') as ReasonWords | undefined) ?? {}
  // The edge: the bundle is put there by language.ts and has this shape.
  const table = i18next.getResourceBundle(i18n.language, 'doctor') as { readonly checks: typeof zhDoctor; readonly values: typeof zhDoctorValues } | undefined
  const worded = (words: string | undefined, { parameters, text }: Complaint['says']): string => {
    if (table === undefined || words === undefined) return text
    const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, table.values[String(value)] ?? sayStep(String(value), i18n.language, reasons)]))
    return wordsFor({ it: words }, 'it', values) ?? text
  }
  return {
    says: ({ code, says }) => withNames(worded(table?.checks[code]?.says, says)),
    // Commands to be copied name servers by their addresses.
    mend: ({ code, mend }) => worded(table?.checks[code]?.mend, mend),
    looksAt: ({ code, looksAt }) => table?.checks[code]?.looksAt ?? looksAt,
  }
}
