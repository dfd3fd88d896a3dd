import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { closeDialog } from './dialogs.ts'
import { runNow } from './run.ts'

/** Dialogs of acts that need a form or a word typed, but no plan. */
export function DowntimeDialog({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const me = useQuery(queries.me)
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const [owner, setOwner] = useState(me.data?.user ?? '')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const durations = [
    { value: '10', label: t('downtime.minutes', { count: 10 }) },
    { value: '30', label: t('downtime.minutes', { count: 30 }) },
    { value: '60', label: t('downtime.hour') },
    { value: '240', label: t('downtime.hours', { count: 4 }) },
    { value: '1440', label: t('downtime.hours', { count: 24 }) },
    { value: '10080', label: t('downtime.days', { count: 7 }) },
  ]
  const begin = async (): Promise<void> => {
    setTried(true)
    if (reason.trim() === '') return
    setBusy(true)
    const input = { instance: server.key, reason: reason.trim(), duration: Number(minutes) * 60, ...(owner.trim() === '' ? {} : { owner: owner.trim() }) }
    if (await runNow(cache, 'begin-downtime', input, t('done.downtimeBegun', { server: nameOf(server.key) }))) closeDialog()
    setBusy(false)
  }
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={460}
      centered
      title={t('downtime.title', { server: nameOf(server.key) })}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <form
        className="dialog"
        onSubmit={event => {
          event.preventDefault()
          void begin()
        }}
      >
        <p className="dim">{t('downtime.text')}</p>
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
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('downtime.begin')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

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
      runLabel={enabled ? t('auto.confirmOff') : t('auto.confirmOn')}
      operation={enabled ? 'disable-global-recoveries' : 'enable-global-recoveries'}
      input={{}}
      done={t('done.sent')}
    />
  )
}

interface TypedDialogProps {
  readonly title: string
  readonly text: string
  readonly typed: string
  readonly runLabel: string
  readonly operation: string
  readonly input: Readonly<Record<string, string>>
  readonly done: string
}

/** An act that asks for a word: its button waits until the word is there, and Enter alone runs nothing. */
function TypedDialog({ title, text, typed, runLabel, operation, input, done }: TypedDialogProps) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [word, setWord] = useState('')
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    setBusy(true)
    if (await runNow(cache, operation, input, done)) closeDialog()
    setBusy(false)
  }
  return (
    <Modal opened onClose={closeDialog} size={480} centered title={title} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p>{text}</p>
        <TextInput
          data-autofocus
          label={t('plan.typeName', { name: typed })}
          value={word}
          onChange={event => setWord(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button color="red" loading={busy} disabled={word.trim() !== typed} onClick={() => void run()}>
            {runLabel}
          </Button>
        </div>
      </div>
    </Modal>
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
    <Modal
      opened
      onClose={closeDialog}
      size={480}
      centered
      title={t('recovery.acknowledgeTitle', { id })}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <form
        className="dialog"
        onSubmit={event => {
          event.preventDefault()
          void send()
        }}
      >
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
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('recovery.acknowledge')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
