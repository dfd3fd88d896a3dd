import { Button, Modal, TextInput } from '@mantine/core'
import { IconCircleX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, PlanView, ServerView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { client } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { RequestFailure } from '../api/request.ts'
import { byName } from '../drawing/forest.ts'
import { useNameOf } from '../instance/names.ts'
import { lagWords, statusWords } from '../instance/server-words.ts'
import { live } from '../live/live.ts'
import { CopyButton } from '../ui/copy.tsx'
import { useStore } from '../ui/store.ts'
import { duration } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { whyMax } from './use-why.tsx'
import { useOperation } from './operations.ts'
import { failureText, tellFailure } from './run.ts'
import { takeoverChecks } from './takeover-checks.ts'
import { TakeoverCheckList } from './takeover-check-list.tsx'
import { successorIn, TakeoverPlan, useTakeoverPlan } from './takeover-plan.tsx'
import { TakeoverRun } from './takeover-run.tsx'
import { takeoverAddress } from './takeover-address.ts'
import { pauseIn } from './write-pause.ts'

/** Why nothing was run: the plan that was agreed to is no longer the one. */
const planIsStale = 'fingerprint-stale'

/** How long the old primary may be left alone by alarms afterwards. */
const downtimeAfterSeconds = 3600

/** Writes stand still meanwhile; the program takes no more. */
const waitMaxSeconds = 600
const waitOf = (text: string): number | null => (/^[1-9]\d{0,2}$/.test(text.trim()) && Number(text) <= waitMaxSeconds ? Number(text) : null)

/** A planned takeover: who, what speaks against it, how, the plan, the cluster's name typed, run: exactly that plan or nothing. Then it is followed to its end. */
export function TakeoverDialog({ cluster: opened, to }: { readonly cluster: ClusterView; readonly to: string | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const name = opened.alias || opened.name
  // As it is now: what is mended while this is open counts.
  const { data: cluster = opened } = useQuery(queries.cluster(name))
  const { data: me } = useQuery(queries.me)
  // Who hands over stays the same while it is done.
  const primary = opened.primary?.key ?? null
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
  const [withDowntime, setWithDowntime] = useState(false)
  const operationName = follows ? 'graceful-takeover-auto' : 'graceful-takeover'
  /** What is written, and what is asked for once the field is left: the plan is read anew then. */
  const [waitText, setWaitText] = useState('')
  const [wait, setWait] = useState<number | null>(null)
  const isWaitWrong = waitText.trim() !== '' && waitOf(waitText) === null
  const input = {
    cluster: opened.name, ...(chosen === '' ? {} : { designated: chosen }), ...(wait === null ? {} : { seconds: wait }), ...(withDowntime ? { duration: downtimeAfterSeconds } : {}),
  }
  const [changed, setChanged] = useState<Reason | null>(null)
  /** Why what was sent was not done, or not to its end; it stays until something else is asked for. */
  const [refused, setRefused] = useState<Reason | null>(null)
  const [why, setWhy] = useState('')
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  /** The newest record of a recovery when it was sent: a newer one is that of this takeover. Null: nothing was sent yet. */
  const [sentAfter, setSentAfter] = useState<number | null>(null)
  const [sending, setSending] = useState(false)
  const [isDone, setDone] = useState(false)
  /** Of what goes on running after the first answer. */
  const [number, setNumber] = useState<number | null>(null)
  const operation = useOperation(number)
  const hasEnded = operation !== null && operation.state !== 'running'
  const failure = refused ?? (hasEnded ? operation.failure : null)
  const isOver = isDone || hasEnded
  const isBusy = sending || number !== null || isDone
  const asked = useTakeoverPlan(operationName, input, !isBusy)
  const { data: recoveries } = useQuery({ ...queries.recoveries(0), refetchInterval: sending || (number !== null && !isOver) ? 1000 : false })
  const uid = sentAfter === null ? null : (recoveries?.find(({ id }) => id > sentAfter)?.uid ?? null)
  const isLive = useStore(live, state => state.state === 'live' || state.state === 'polling')
  const plan = asked.data?.state === 'plan' && !asked.isFetching ? asked.data.plan : null
  const successor = plan === null ? (chosen === '' ? null : chosen) : (successorIn(plan) ?? chosen)
  const [old, heir] = [cluster.members.find(({ key }) => key === primary), cluster.members.find(({ key }) => key === successor)]
  const checks = old === undefined || heir === undefined || isBusy ? [] : takeoverChecks(cluster, old, heir, me?.reasonableLagSeconds ?? 0)
  const lag = heir?.replication?.lagSeconds ?? null
  const isStopped = checks.some(({ state }) => state === 'stop')
  const unticked = [...checks.filter(({ state }) => state === 'warning').map(({ says }) => says), ...(plan?.warnings.map(({ text }) => text) ?? [])].filter(each => !ticked.has(each))
  const canRun = isLive && !isStopped && !isWaitWrong && waitOf(waitText) === wait && unticked.length === 0 && typed.trim() === name && why.trim() !== ''
  const pause = plan === null ? null : pauseIn(plan)

  const tick = (each: string): void => {
    const next = new Set(ticked)
    if (!next.delete(each)) next.add(each)
    setTicked(next)
  }
  const forget = (): void => {
    setChanged(null)
    setRefused(null)
    setSentAfter(null)
  }
  const choose = (key: string): void => {
    setChosen(key)
    forget()
  }

  const run = async (shown: PlanView): Promise<void> => {
    setSending(true)
    setRefused(null)
    setSentAfter(Math.max(0, ...(recoveries ?? []).map(({ id }) => id)))
    try {
      const answer = await client.run(operationName, input, shown.fingerprint, why.trim())
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
      } else setDone(true)
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
        {isBusy ? null : (
          <>
            <fieldset className="candidates">
              <legend>1 · {t('takeover.who')}</legend>
              <label>
                <input type="radio" name="successor" checked={chosen === ''} onChange={() => choose('')} />
                <strong>{t('takeover.best')}</strong>
                <span className="dim">{t('takeover.bestText')}</span>
              </label>
              {candidates.map(candidate => (
                <label key={candidate.key}>
                  <input type="radio" name="successor" checked={chosen === candidate.key} onChange={() => choose(candidate.key)} />
                  <strong>{nameOf(candidate.key)}</strong>
                  <Facts server={candidate} />
                  <span className="dim">{reasonsFor(candidate.key)}</span>
                </label>
              ))}
            </fieldset>
            {checks.length === 0 || successor === null ? null : <TakeoverCheckList checks={checks} successor={successor} cluster={cluster} ticked={ticked} tick={tick} isBusy={isBusy} />}
            <fieldset className="candidates">
              <legend>3 · {t('takeover.afterwards')}</legend>
              {([true, false] as const).map(each => (
                <label key={String(each)}>
                  <input
                    type="radio"
                    name="afterwards"
                    checked={follows === each}
                    onChange={() => {
                      setFollows(each)
                      forget()
                    }}
                  />
                  <span>{each ? t('takeover.follows') : t('takeover.stays')}</span>
                </label>
              ))}
              <label>
                <input
                  type="checkbox"
                  checked={withDowntime}
                  onChange={() => {
                    setWithDowntime(!withDowntime)
                    forget()
                  }}
                />
                <span>{t('takeover.downtime')}</span>
              </label>
            </fieldset>
            <TextInput
              label={t('takeover.wait')}
              description={t('takeover.waitText', { max: waitMaxSeconds, seconds: me?.reasonableLagSeconds ?? 0 })}
              inputMode="numeric"
              autoComplete="off"
              value={waitText}
              onChange={event => setWaitText(event.currentTarget.value)}
              onBlur={() => {
                if (isWaitWrong || waitOf(waitText) === wait) return
                setWait(waitOf(waitText))
                forget()
              }}
              error={isWaitWrong ? t('takeover.waitWrong', { max: waitMaxSeconds }) : null}
            />
            {primary === null ? null : <p className="dim">{t('takeover.gaveUp', { server: nameOf(primary) })}</p>}
          </>
        )}
        {refused === null || uid !== null ? null : (
          <div className="notice critical" role="alert">
            <IconCircleX size={20} aria-hidden />
            <div className="notice-body">
              <strong>{t('plan.notDone')}</strong>
              <span>{say(refused)}</span>
            </div>
          </div>
        )}
        {sentAfter === null || (!isBusy && uid === null) ? null : <TakeoverRun uid={uid} old={primary ?? ''} failure={failure} isOver={isOver || refused !== null} />}
        {isBusy ? null : <TakeoverPlan asked={asked} changed={changed} pause={pause} ticked={ticked} tick={tick} />}
        {plan === null || isBusy || pause === null || heir === undefined ? null : (
          <p className="dim">
            {lag === null ? t('takeover.pauseUnknown', { ...pause, server: nameOf(heir.key) }) : t('takeover.pause', { ...pause, server: nameOf(heir.key), lag: duration(lag) })}
          </p>
        )}
        {plan === null || isBusy ? null : (
          <fieldset className="confirmation">
            <legend>5 · {t('takeover.confirm')}</legend>
            {unticked.length === 0 ? null : <p className="ink-warning">{t('takeover.tickThem')}</p>}
            <TextInput label={t('plan.why')} description={t('plan.whyText')} value={why} onChange={event => setWhy(event.currentTarget.value)} autoComplete="off" maxLength={whyMax} required />
            <TextInput
              label={t('plan.typeName', { name })}
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </fieldset>
        )}
        {isLive ? null : <p className="ink-warning">{t('plan.offline')}</p>}
        <div className="dialog-foot">
          {plan === null || isBusy ? null : (
            <>
              <CopyButton text={plan.command} label={t('plan.copyCommand')} />
              <CopyButton text={takeoverAddress(opened, chosen)} label={t('plan.copyLink')} />
            </>
          )}
          {number !== null && !isOver ? <span className="dim">{t('plan.tray')}</span> : null}
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {isBusy ? t('state.close') : t('state.cancel')}
          </Button>
          {plan === null || isOver || number !== null ? null : (
            <Button color="red" loading={sending} disabled={!canRun} onClick={() => void run(plan)}>
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
