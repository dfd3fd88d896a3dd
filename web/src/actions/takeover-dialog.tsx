import { Button, Modal, TextInput } from '@mantine/core'
import { IconCircleX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, PlanView, ServerView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { client } from '../api/client.ts'
import { RequestFailure } from '../api/request.ts'
import { byName } from '../drawing/forest.ts'
import { useNameOf } from '../instance/names.ts'
import { lagWords, statusWords } from '../instance/server-words.ts'
import { live } from '../live/live.ts'
import { CopyButton } from '../ui/copy.tsx'
import { useStore } from '../ui/store.ts'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { useOperation } from './operations.ts'
import { failureText, tellFailure, tellSuccess } from './run.ts'
import { Ended, successorIn, TakeoverPlan, useTakeoverPlan } from './takeover-plan.tsx'

/** Why nothing was run: the plan that was agreed to is no longer the one. */
const planIsStale = 'fingerprint-stale'

/** A planned takeover: who, the plan of it, the cluster's name typed, run: exactly that plan or nothing. */
export function TakeoverDialog({ cluster, to }: { readonly cluster: ClusterView; readonly to: string | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const name = cluster.alias || cluster.name
  const primary = cluster.primary?.key ?? null
  const [chosen, setChosen] = useState<string>(to ?? '')
  const [typed, setTyped] = useState('')
  const candidates = cluster.members.filter(member => member.source === primary).toSorted(byName)
  const dryRun = useQuery({
    queryKey: ['recovery-dry-run', primary],
    queryFn: () => client.recoveryDryRun(primary ?? ''),
    enabled: primary !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const reasonsFor = (key: string): string => (dryRun.data?.candidates.find(candidate => candidate.key === key)?.reasons ?? []).map(say).join(' · ')

  const [follows, setFollows] = useState(true)
  const operationName = follows ? 'graceful-takeover-auto' : 'graceful-takeover'
  const input = { cluster: cluster.name, ...(chosen === '' ? {} : { designated: chosen }) }
  const asked = useTakeoverPlan(operationName, input)
  const [changed, setChanged] = useState<Reason | null>(null)
  /** Why what was sent was not done, or not to its end; it stays until something else is asked for. */
  const [refused, setRefused] = useState<Reason | null>(null)
  const [sending, setSending] = useState(false)
  /** Of what goes on running after the first answer. */
  const [number, setNumber] = useState<number | null>(null)
  const operation = useOperation(number)
  const isOver = operation !== null && operation.state !== 'running'
  const isBusy = sending || number !== null
  const isLive = useStore(live, state => state.state === 'live' || state.state === 'polling')
  const plan = asked.data?.state === 'plan' && !asked.isFetching ? asked.data.plan : null
  const successor = plan === null ? null : successorIn(plan)

  const forget = (): void => {
    setChanged(null)
    setRefused(null)
  }
  const choose = (key: string): void => {
    setChosen(key)
    forget()
  }

  const run = async (shown: PlanView): Promise<void> => {
    setSending(true)
    setRefused(null)
    try {
      const answer = await client.run(operationName, input, shown.fingerprint)
      if (answer.state === 'refused' && answer.refused.code === planIsStale) {
        // Nothing was run: the new plan is another one to agree to.
        setTyped('')
        setChanged(answer.refused)
        void asked.refetch()
        return
      }
      if (answer.state === 'started') {
        setNumber(answer.operation)
        return
      }
      if (answer.state === 'refused') {
        // Something may have been begun and undone: what is agreed to next is asked for anew.
        setTyped('')
        setRefused(answer.refused)
        void asked.refetch()
      } else {
        closeDialog()
        tellSuccess(t('done.other', { says: say(shown.says) }))
      }
      // The stream brings the servers; recoveries and findings are asked again.
      await cache.invalidateQueries({ predicate: query => ['cluster', 'findings', 'recoveries', 'operations'].includes(String(query.queryKey[0])) })
    } catch (error) {
      tellFailure(error instanceof RequestFailure && error.status === 0 ? t('plan.notSent') : t('state.failed'), failureText(error))
    } finally {
      setSending(false)
    }
  }

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={720}
      centered
      title={t('takeover.title', { cluster: name })}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <div className="dialog">
        <p>{t('takeover.text')}</p>
        <fieldset className="candidates">
          <legend>{t('takeover.who')}</legend>
          <label>
            <input type="radio" name="successor" checked={chosen === ''} disabled={isBusy} onChange={() => choose('')} />
            <strong>{t('takeover.best')}</strong>
            <span className="dim">{t('takeover.bestText')}</span>
          </label>
          {candidates.map(candidate => (
            <label key={candidate.key}>
              <input type="radio" name="successor" checked={chosen === candidate.key} disabled={isBusy} onChange={() => choose(candidate.key)} />
              <strong>{nameOf(candidate.key)}</strong>
              <Facts server={candidate} />
              <span className="dim">{reasonsFor(candidate.key)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className="candidates">
          <legend>{t('takeover.afterwards')}</legend>
          {([true, false] as const).map(each => (
            <label key={String(each)}>
              <input
                type="radio"
                name="afterwards"
                checked={follows === each}
                disabled={isBusy}
                onChange={() => {
                  setFollows(each)
                  forget()
                }}
              />
              <span>{each ? t('takeover.follows') : t('takeover.stays')}</span>
            </label>
          ))}
        </fieldset>
        {refused === null ? null : (
          <div className="notice critical" role="alert">
            <IconCircleX size={20} aria-hidden />
            <div className="notice-body">
              <strong>{t('plan.notDone')}</strong>
              <span>{say(refused)}</span>
            </div>
          </div>
        )}
        <TakeoverPlan asked={asked} changed={changed} />
        {operation === null || !isOver ? null : <Ended operation={operation} />}
        {plan === null || number !== null ? null : (
          <TextInput
            label={t('plan.typeName', { name })}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {isLive ? null : <p className="ink-warning">{t('plan.offline')}</p>}
        <div className="dialog-foot">
          {plan === null ? null : <CopyButton text={plan.command} label={t('plan.copyCommand')} />}
          {number !== null && !isOver ? <span className="dim">{t('plan.tray')}</span> : null}
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {number === null ? t('state.cancel') : t('state.close')}
          </Button>
          {plan === null || isOver ? null : (
            <Button color="red" loading={isBusy} disabled={!isLive || typed.trim() !== name} onClick={() => void run(plan)}>
              {successor === null ? t('plan.run') : t('plan.runTakeover', { server: nameOf(successor) })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

function Facts({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const worst = server.statuses[0]
  const words = worst === undefined || worst.severity === 'ok' ? lagWords(server, t) : statusWords(worst, server, t)
  return (
    <span className={worst === undefined || worst.severity === 'ok' ? 'dim' : `ink-${worst.severity}`}>
      {[words, server.dataCenter].filter(part => part !== '').join(' · ')}
    </span>
  )
}
