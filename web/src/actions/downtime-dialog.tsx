import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { useReason } from './reason-fields.tsx'
import { runNow } from './run.ts'

/** How long a server is to be left alone, by whom and why: by alarms and recoveries (downtime), or by other people's changes (maintenance). */
export function DowntimeDialog({ server, of }: { readonly server: ServerView; readonly of: 'downtime' | 'maintenance' }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const { fields, given } = useReason()
  const [busy, setBusy] = useState(false)
  const words = { server: nameOf(server.key) }
  const begun = of === 'downtime' ? t('done.downtimeBegun', words) : t('maintenance.begun', words)
  const begin = async (): Promise<void> => {
    const shared = given()
    if (shared === null) return
    setBusy(true)
    if (await runNow(cache, of === 'downtime' ? 'begin-downtime' : 'begin-maintenance', { instance: server.key, ...shared }, begun)) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t(`${of}.title`, words)} runLabel={t(`${of}.begin`)} busy={busy} run={begin} size={460}>
      <p className="dim">{t(`${of}.text`)}</p>
      {fields}
    </FormDialog>
  )
}
