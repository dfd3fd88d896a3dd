import { Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runMany } from './many.ts'
import { useDurations } from './use-durations.ts'

/** One downtime for several servers: all of them are named before it begins. */
export function ManyDowntimeDialog({ servers }: { readonly servers: readonly ServerView[] }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const me = useQuery(queries.me)
  const durations = useDurations()
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(me.data?.user ?? '')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const begin = async (): Promise<void> => {
    setTried(true)
    if (reason.trim() === '') return
    setBusy(true)
    const shared = { reason: reason.trim(), duration: Number(minutes) * 60, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) }
    const items = servers.map(server => ({ name: nameOf(server.key), input: { instance: server.key, ...shared } }))
    if (await runMany(cache, 'begin-downtime', items, count => t('many.begun', { count }))) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('many.downtimeTitle', { count: servers.length })} runLabel={t('downtime.begin')} busy={busy} run={begin} size={460}>
      <p className="dim">{t('downtime.text')}</p>
      <p className="mono many-names">{servers.map(server => nameOf(server.key)).join(', ')}</p>
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
