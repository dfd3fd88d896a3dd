import { Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'
import { useDurations } from './use-durations.ts'

/** How long a server is to be left alone, by whom and why: by alarms and recoveries (downtime), or by other people's changes (maintenance). */
export function DowntimeDialog({ server, of }: { readonly server: ServerView; readonly of: 'downtime' | 'maintenance' }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const me = useQuery(queries.me)
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(me.data?.user ?? '')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const durations = useDurations()
  const words = { server: nameOf(server.key) }
  const begun = of === 'downtime' ? t('done.downtimeBegun', words) : t('maintenance.begun', words)
  const begin = async (): Promise<void> => {
    setTried(true)
    if (reason.trim() === '') return
    setBusy(true)
    const input = { instance: server.key, reason: reason.trim(), duration: Number(minutes) * 60, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) }
    if (await runNow(cache, of === 'downtime' ? 'begin-downtime' : 'begin-maintenance', input, begun)) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t(`${of}.title`, words)} runLabel={t(`${of}.begin`)} busy={busy} run={begin} size={460}>
      <p className="dim">{t(`${of}.text`)}</p>
      <TextInput
        data-autofocus
        label={t('downtime.reason')}
        description={t('downtime.reasonHint')}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
        error={tried && reason.trim() === '' ? t('downtime.required') : null}
      />
      <Select label={t('downtime.duration')} data={durations} value={minutes} onChange={value => setMinutes(value ?? '60')} allowDeselect={false} />
      <TextInput label={t('downtime.owner')} value={owner} onChange={event => setOwner(event.currentTarget.value)} />
    </FormDialog>
  )
}
