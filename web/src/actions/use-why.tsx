import { TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** As much as a person writes in a line; longer ones belong into the acknowledgement. */
export const whyMax = 500

/** Why something dangerous is done: asked for where the policy says so, and kept in the audit. */
export function useWhy(isAsked: boolean): { readonly field: ReactNode; readonly why: string | undefined; readonly isGiven: boolean } {
  const { t } = useTranslation()
  const [why, setWhy] = useState('')
  const text = why.trim()
  const field = isAsked ? (
    <TextInput label={t('plan.why')} description={t('plan.whyText')} value={why} onChange={event => setWhy(event.currentTarget.value)} autoComplete="off" maxLength={whyMax} required />
  ) : null
  return { field, why: isAsked && text !== '' ? text : undefined, isGiven: !isAsked || text !== '' }
}
