import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runMany } from './many.ts'
import { useReason } from './reason-fields.tsx'

/** One downtime for several servers: all of them are named before it begins. */
export function ManyDowntimeDialog({ servers }: { readonly servers: readonly ServerView[] }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const { fields, given } = useReason()
  const [busy, setBusy] = useState(false)
  const begin = async (): Promise<void> => {
    const shared = given()
    if (shared === null) return
    setBusy(true)
    const items = servers.map(server => ({ name: nameOf(server.key), input: { instance: server.key, ...shared } }))
    if (await runMany(cache, 'begin-downtime', items, count => t('many.begun', { count }))) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('many.downtimeTitle', { count: servers.length })} runLabel={t('downtime.begin')} busy={busy} run={begin} size={460}>
      <p className="dim">{t('downtime.text')}</p>
      <p className="mono many-names">{servers.map(server => nameOf(server.key)).join(', ')}</p>
      {fields}
    </FormDialog>
  )
}
