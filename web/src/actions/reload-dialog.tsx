import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { Failure, Loading } from '../ui/page-state.tsx'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'
import { SettingChanges } from './setting-changes.tsx'

/** Reads the configuration files again, after showing what that would change. */
export function ReloadDialog() {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const settings = useQuery(queries.settings)
  const [busy, setBusy] = useState(false)
  const node = settings.data?.node ?? ''
  const pending = settings.data?.pending
  const reload = async (): Promise<void> => {
    setBusy(true)
    const isDone = await runNow(cache, 'reload-configuration', {}, t('settings.reloaded', { node }))
    await cache.invalidateQueries({ queryKey: ['settings'] })
    setBusy(false)
    if (isDone) closeDialog()
  }
  return (
    <FormDialog title={t('settings.reloadTitle', { node })} runLabel={t('settings.reloadRun')} busy={busy} run={reload} size={620}>
      <p className="dim">{t('settings.reloadText')}</p>
      {settings.isPending ? <Loading lines={2} /> : null}
      {settings.isError ? <Failure error={settings.error} retry={() => void settings.refetch()} /> : null}
      {pending === undefined ? null : pending.problem !== null ? (
        <p className="notice critical" role="alert">
          {t('settings.problem')}: {pending.problem}
        </p>
      ) : pending.changes.length === 0 ? (
        <p>{t('settings.reloadNothing')}</p>
      ) : (
        <SettingChanges changes={pending.changes} />
      )}
    </FormDialog>
  )
}
