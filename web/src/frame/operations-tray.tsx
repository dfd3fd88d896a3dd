import { IconChevronDown, IconChevronUp, IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationView } from '../../../src/contract/views.ts'
import { openDialog } from '../actions/dialogs.ts'
import { startedHere } from '../actions/operations.ts'
import { tellFailure, tellSuccess } from '../actions/run.ts'
import { queries } from '../api/queries.ts'
import { clock, shortDuration } from '../words/format.ts'
import { sayReason, useSay } from '../words/say.ts'

const shownMax = 12

/** Everything that was run or is running, with its steps; it survives changes of page, and tells when something ends. */
export function OperationsTray() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(queries.operations)
  const operations = (data ?? []).toSorted((left, right) => right.number - left.number).slice(0, shownMax)
  const running = operations.filter(operation => operation.state === 'running').length
  useEnds(data ?? null)
  if (operations.length === 0) return null
  return (
    <aside className={open ? 'tray is-open' : 'tray'} aria-label={t('tray.title')}>
      <button type="button" className="tray-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {running > 0 ? <IconLoader2 size={15} className="spin" aria-hidden /> : null}
        <span>{running > 0 ? t('tray.running', { count: running }) : t('tray.title')}</span>
        {open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronUp size={15} aria-hidden />}
      </button>
      {open ? (
        <ul>
          {operations.map(operation => (
            <Entry key={operation.number} operation={operation} />
          ))}
        </ul>
      ) : null}
    </aside>
  )
}

function Entry({ operation }: { readonly operation: OperationView }) {
  const { t } = useTranslation()
  const say = useSay()
  const done = operation.steps.filter(step => step.state === 'done').length
  return (
    <li>
      {operation.state === 'running' ? (
        <IconLoader2 size={16} className="spin" aria-label={t('plan.running')} />
      ) : operation.state === 'done' ? (
        <IconCircleCheck size={16} className="ink-ok" aria-label={t('plan.done')} />
      ) : (
        <IconCircleX size={16} className="ink-critical" aria-label={t('plan.failed')} />
      )}
      <div>
        <span>{say(operation.says)}</span>
        <span className="dim">
          {[
            t('tray.by', { by: operation.by === '' ? 'orchestrator' : operation.by, time: clock(operation.startedAt) }),
            operation.steps.length === 0 ? '' : t('tray.steps', { done, all: operation.steps.length }),
            operation.endedAt === null ? '' : shortDuration(operation.endedAt - operation.startedAt),
          ]
            .filter(part => part !== '')
            .join(' · ')}
        </span>
        {operation.failure === null ? null : <span className="ink-critical">{say(operation.failure)}</span>}
      </div>
    </li>
  )
}

/** How an operation ended; a move also offers the way back. */
function EndWords({ operation, says }: { readonly operation: OperationView; readonly says: string }) {
  const { t } = useTranslation()
  const started = startedHere(operation.number)
  if (started === null) return t('done.other', { says })
  const { undo } = started
  const time = shortDuration((operation.endedAt ?? operation.startedAt) - operation.startedAt)
  return (
    <>
      {t('done.move', { server: started.server, source: started.source, count: operation.steps.length, time })}{' '}
      {undo === null ? null : (
        <button type="button" className="link-button" onClick={() => openDialog({ kind: 'plan', request: undo })}>
          {t('plan.undo')}
        </button>
      )}
    </>
  )
}

/** A toast when an operation that was seen running ends. */
function useEnds(operations: readonly OperationView[] | null): void {
  const running = useRef<Set<number> | null>(null)
  useEffect(() => {
    if (operations === null) return
    const before = running.current
    running.current = new Set(operations.filter(operation => operation.state === 'running').map(operation => operation.number))
    const isFirst = before === null
    for (const operation of operations) {
      // What has no steps is told by whoever asked for it.
      if (operation.state === 'running' || operation.steps.length === 0 || isFirst || !isNews(operation, before)) continue
      const says = sayReason(operation.says, i18next.language)
      if (operation.state === 'done') tellSuccess(<EndWords operation={operation} says={says} />)
      else tellFailure(i18next.t('done.failed', { says }), operation.failure === null ? '' : sayReason(operation.failure, i18next.language))
      told.add(operation.number)
    }
  }, [operations])
}

const told = new Set<number>()
const newsMilliseconds = 10_000
const isNews = (operation: OperationView, running: ReadonlySet<number>): boolean =>
  !told.has(operation.number) && (running.has(operation.number) || Date.now() - (operation.endedAt ?? 0) < newsMilliseconds)
