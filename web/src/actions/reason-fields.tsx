import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { useDurations } from './use-durations.ts'

export interface GivenReason {
  readonly reason: string
  readonly duration: number
  readonly owner?: string
}

/** Why, for how long and by whom something is left alone. `given` answers null, and the field complains, where no reason was typed. */
export function useReason(): { readonly fields: ReactNode; readonly given: () => GivenReason | null } {
  const { t } = useTranslation()
  const me = useQuery(queries.me)
  const durations = useDurations()
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(me.data?.user ?? '')
  const [tried, setTried] = useState(false)
  const isMissing = reason.trim() === ''
  const given = (): GivenReason | null => {
    setTried(true)
    return isMissing ? null : { reason: reason.trim(), duration: Number(minutes) * 60, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) }
  }
  const fields = (
    <>
      <TextInput
        data-autofocus
        label={t('downtime.reason')}
        description={t('downtime.reasonHint')}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
        error={tried && isMissing ? t('downtime.required') : null}
      />
      <Select label={t('downtime.duration')} data={durations} value={minutes} onChange={value => setMinutes(value ?? '60')} allowDeselect={false} />
      <TextInput label={t('downtime.owner')} value={owner} onChange={event => setOwner(event.currentTarget.value)} />
    </>
  )
  return { fields, given }
}
