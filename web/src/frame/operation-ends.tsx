import i18next from 'i18next'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationView } from '../../../src/contract/views.ts'
import { openDialog } from '../actions/dialogs.ts'
import { failedStep, operationText } from '../actions/operation-text.ts'
import { tellMoving } from '../actions/moving.ts'
import { startedHere } from '../actions/operations.ts'
import { tellFailure, tellSuccess } from '../actions/run.ts'
import { useNameOf } from '../instance/names.ts'
import { CopyButton } from '../ui/copy.tsx'
import { shortDuration } from '../words/format.ts'
import { sayReason, useSay } from '../words/say.ts'

const told = new Set<number>()
const newsMilliseconds = 10_000

/** A toast when an operation that was seen running ends. */
export function useEnds(operations: readonly OperationView[] | null): void {
  const running = useRef<Set<number> | null>(null)
  useEffect(() => {
    if (operations === null) return
    tellMoving(operations)
    const before = running.current
    running.current = new Set(operations.filter(operation => operation.state === 'running').map(operation => operation.number))
    const isFirst = before === null
    for (const operation of operations) {
      // What has no steps is told by whoever asked for it.
      if (operation.state === 'running' || operation.steps.length === 0 || isFirst || !isNews(operation, before)) continue
      if (operation.state === 'done') tellSuccess(<EndWords operation={operation} />)
      else tellFailure(i18next.t('done.failed', { says: sayReason(operation.says, i18next.language) }), <FailureWords operation={operation} />)
      told.add(operation.number)
    }
  }, [operations])
}

const isNews = (operation: OperationView, running: ReadonlySet<number>): boolean =>
  !told.has(operation.number) && (running.has(operation.number) || Date.now() - (operation.endedAt ?? 0) < newsMilliseconds)

/** How an operation ended well, the way back where there is one, and what was done. */
function EndWords({ operation }: { readonly operation: OperationView }) {
  const { t } = useTranslation()
  const say = useSay()
  const started = startedHere(operation.number)
  const [undo, moved] = [started?.undo ?? null, started?.moved ?? null]
  const time = shortDuration((operation.endedAt ?? operation.startedAt) - operation.startedAt)
  return (
    <>
      {moved === null ? t('done.other', { says: say(operation.says) }) : t('done.move', { ...moved, count: operation.steps.length, time })}{' '}
      {undo === null ? null : (
        <>
          <button type="button" className="link-button" onClick={() => openDialog(undo)}>
            {t('plan.undo')}
          </button>{' '}
        </>
      )}
      <DetailsButton number={operation.number} />
    </>
  )
}

/** Which step failed, what its server said, and what holds now; all of it can be copied, and the same can be asked for again. */
function FailureWords({ operation }: { readonly operation: OperationView }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const step = failedStep(operation)
  const again = startedHere(operation.number)?.request ?? null
  return (
    <div className="toast-failure">
      {step === null ? null : (
        <span>
          {t('done.failedStep', { number: step.number, server: nameOf(step.server), says: step.says === undefined ? step.action : say(step.says) })}
          {step.failure === null ? null : <code className="block">{step.failure}</code>}
        </span>
      )}
      {operation.failure === null || operation.failure.text === step?.failure ? null : <span>{say(operation.failure)}</span>}
      {step?.ifStoppedHere === undefined ? null : <span>{t('done.stateNow', { says: say(step.ifStoppedHere) })}</span>}
      <span className="row wrap">
        <CopyButton label={t('done.copyDetails')} text={operationText(operation, say)} />
        {again === null ? null : (
          <button type="button" className="link-button" onClick={() => openDialog({ kind: 'plan', request: again })}>
            {t('done.retry')}
          </button>
        )}
        <DetailsButton number={operation.number} />
      </span>
    </div>
  )
}

function DetailsButton({ number }: { readonly number: number }) {
  const { t } = useTranslation()
  return (
    <button type="button" className="link-button" onClick={() => openDialog({ kind: 'operation', number })}>
      {t('done.details')}
    </button>
  )
}
