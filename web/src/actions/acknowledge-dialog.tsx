import { Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlockedRecovery } from '../../../src/model/recovery/records.ts'
import { client } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { acknowledgeRequest, acknowledgeScopes, type AcknowledgeScope, concernedBy, heldBackBy } from './acknowledge-scope.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'

/** A comment for one recovery, all of its cluster, or all there are; and what no longer waits because of it. */
export function AcknowledgeDialog({ uid, id }: { readonly uid: string; readonly id: number }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const nameOf = useNameOf()
  const { data: recovery } = useQuery(queries.recovery(uid))
  const { data: open } = useQuery(queries.recoveriesOf({ page: 0, unacknowledged: true }))
  const { data: blocked } = useQuery({ queryKey: ['recoveries', 'blocked'], queryFn: () => client.read<readonly BlockedRecovery[]>('blocked-recoveries'), staleTime: 0, retry: false })
  const [scope, setScope] = useState<AcknowledgeScope>('one')
  const [comment, setComment] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setTried(true)
    if (comment.trim() === '') return
    setBusy(true)
    const { operation, input } = acknowledgeRequest(scope, { uid, clusterName: '', clusterAlias: '', ...recovery }, comment.trim())
    if (await runNow(cache, operation, input, t('done.acknowledged'))) closeDialog()
    setBusy(false)
  }
  const concerned = recovery === undefined || open === undefined ? [] : concernedBy(scope, recovery, open)
  const letGo = blocked === undefined ? [] : scope === 'all' ? blocked : heldBackBy([{ id }, ...concerned], blocked)
  return (
    <FormDialog title={t('recovery.acknowledgeTitle', { id })} runLabel={t('recovery.acknowledge')} busy={busy} run={send}>
      <p className="dim">{t('recovery.acknowledgeText')}</p>
      {recovery === undefined || open === undefined || !open.some(each => each.id !== id) ? null : (
        <fieldset className="candidates">
          <legend>{t('recovery.scope.title')}</legend>
          {acknowledgeScopes.map(each => (
            <label key={each}>
              <input type="radio" name="scope" checked={scope === each} onChange={() => setScope(each)} />
              <span>{t(`recovery.scope.${each}`, { id, cluster: recovery.clusterAlias || recovery.clusterName })}</span>
              {each === 'one' ? null : (
                <span className="dim">
                  {concernedBy(each, recovery, open)
                    .map(one => `#${one.id}`)
                    .join(' ')}
                </span>
              )}
            </label>
          ))}
        </fieldset>
      )}
      {blocked === undefined ? null : (
        <p className={letGo.length === 0 ? 'dim' : 'ink-warning'}>
          {letGo.length === 0 ? t('recovery.holdsNothing') : t('recovery.letsGo', { what: letGo.map(({ key, code }) => `${nameOf(key)} (${code})`).join(', ') })}
        </p>
      )}
      <Textarea
        data-autofocus
        autosize
        minRows={3}
        label={t('recovery.comment')}
        description={t('recovery.commentHint')}
        value={comment}
        onChange={event => setComment(event.currentTarget.value)}
        error={tried && comment.trim() === '' ? t('recovery.commentRequired') : null}
      />
    </FormDialog>
  )
}
