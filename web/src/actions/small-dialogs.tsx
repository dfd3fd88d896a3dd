import { Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'
import { TypedDialog } from './typed-dialog.tsx'

/** Dialogs of acts that need a word or a comment, but no plan. */
export function ForgetDialog({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const name = nameOf(server.key)
  return (
    <TypedDialog
      title={t('confirm.forgetTitle', { server: name })}
      text={t('confirm.forgetText')}
      typed={name}
      runLabel={t('plan.runForget', { server: name })}
      operation="forget"
      input={{ instance: server.key }}
      done={t('done.forgotten', { server: name })}
    />
  )
}

export function AutomaticDialog({ enabled }: { readonly enabled: boolean }) {
  const { t } = useTranslation()
  return (
    <TypedDialog
      title={t('auto.title')}
      text={enabled ? t('auto.turnOffText') : t('auto.turnOnText')}
      typed={t('auto.allClusters')}
      asksWhy
      runLabel={enabled ? t('auto.confirmOff') : t('auto.confirmOn')}
      operation={enabled ? 'disable-global-recoveries' : 'enable-global-recoveries'}
      input={{}}
      done={t('done.sent')}
    />
  )
}

export function AcknowledgeDialog({ uid, id }: { readonly uid: string; readonly id: number }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [comment, setComment] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setTried(true)
    if (comment.trim() === '') return
    setBusy(true)
    if (await runNow(cache, 'ack-recovery', { uid, comment: comment.trim() }, t('done.acknowledged'))) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('recovery.acknowledgeTitle', { id })} runLabel={t('recovery.acknowledge')} busy={busy} run={send}>
      <p className="dim">{t('recovery.acknowledgeText')}</p>
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
