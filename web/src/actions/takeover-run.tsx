import { Button } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RecoveryView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { queries } from '../api/queries.ts'
import { useNameOf } from '../instance/names.ts'
import { useNow } from '../ui/now.ts'
import { clockMilliseconds, shortDuration } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { useStoryWords } from '../words/story-words.ts'
import { closeDialog, openDialog } from './dialogs.ts'
import { pausedMilliseconds } from './write-pause.ts'

interface RunOf {
  /** The record of the takeover; null while there is none yet. */
  readonly uid: string | null
  readonly old: string
  /** Why it was not done; null: it runs, or is done. */
  readonly failure: Reason | null
  readonly isOver: boolean
}

/** A takeover that runs: what is done, live, with a clock of how long writes are paused; in the end who is what, and the way back. */
export function TakeoverRun({ uid, old, failure, isOver }: RunOf) {
  const { t } = useTranslation()
  const say = useSay()
  const words = useStoryWords()
  const nameOf = useNameOf()
  const now = useNow()
  const { data: recovery } = useQuery({ ...queries.recovery(uid ?? ''), enabled: uid !== null, refetchInterval: isOver ? false : 1000 })
  const steps = recovery?.steps ?? []
  const paused = pausedMilliseconds(steps, now)
  return (
    <section className="takeover-run">
      <p className="row wrap" role="status">
        {isOver ? failure === null ? <IconCircleCheck size={18} className="ink-ok" aria-hidden /> : <IconCircleX size={18} className="ink-critical" aria-hidden /> : <IconLoader2 size={18} className="spin" aria-hidden />}
        <strong>{isOver ? (failure === null ? t('plan.finished') : t('plan.stoppedAt')) : t('plan.doing')}</strong>
        <span>
          {paused === null ? (isOver ? '' : t('takeover.notPaused')) : paused.isOver ? t('takeover.paused', { time: shortDuration(paused.milliseconds) }) : t('takeover.running', { time: shortDuration(paused.milliseconds) })}
        </span>
      </p>
      {steps.length === 0 ? null : (
        <ol className="takeover-steps">
          {steps.map(step => (
            <li key={step.id} className={step.outcome === 'failed' ? 'ink-critical' : undefined}>
              <span className="mono dim">{clockMilliseconds(step.at)}</span> {step.server === null ? null : <strong className="mono">{nameOf(step.server)}</strong>} {words.message(step.message)}
              {step.outcome === 'failed' ? <strong> {t('recovery.outcomes.failed')}</strong> : null}
            </li>
          ))}
        </ol>
      )}
      {failure === null ? null : (
        <div className="notice critical" role="alert">
          <IconCircleX size={20} aria-hidden />
          <div className="notice-body">
            <strong>{say(failure)}</strong>
            {steps.some(({ message }) => message === `${old} is writable again`) ? <span>{t('takeover.undone', { server: nameOf(old) })}</span> : null}
          </div>
        </div>
      )}
      {isOver && failure === null && recovery !== undefined ? <Ended recovery={recovery} old={old} /> : null}
    </section>
  )
}

/** Who is what now, as the servers say. */
function Ended({ recovery, old }: { readonly recovery: RecoveryView; readonly old: string }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const words = useStoryWords()
  const { successor, errors, lostReplicas, uid } = recovery
  const { data: cluster } = useQuery({ ...queries.cluster(successor ?? ''), enabled: successor !== null })
  const former = cluster?.members.find(({ key }) => key === old)
  const isBelow = former?.source === successor
  const isRunning = former?.replication?.receiver === 'running' && former.replication.applier === 'running'
  const left = [...errors.map(words.message), ...lostReplicas.map(nameOf)]
  return (
    <div className="notice ok">
      <IconCircleCheck size={20} aria-hidden />
      <div className="notice-body">
        <span>
          {successor === null ? '' : t('takeover.ended', { successor: nameOf(successor) })} {!isBelow ? '' : isRunning ? t('takeover.endedFollows', { server: nameOf(old) }) : t('takeover.endedStopped', { server: nameOf(old) })}
        </span>
        {left.length === 0 ? null : <span className="ink-warning">{t('takeover.left', { what: left.join('; ') })}</span>}
        <span className="row wrap">
          <Link to="/audit-recovery/uid/$uid" params={{ uid }} className="button-link" onClick={closeDialog}>
            {t('takeover.seeRecovery')}
          </Link>
          {cluster === undefined || !isBelow ? null : (
            <Button size="xs" variant="default" onClick={() => openDialog({ kind: 'takeover', cluster, to: old })}>
              {t('takeover.switchBack')}
            </Button>
          )}
        </span>
      </div>
    </div>
  )
}
