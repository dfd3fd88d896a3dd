import { IconChevronDown, IconChevronUp, IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationView } from '../../../src/contract/views.ts'
import { openDialog } from '../actions/dialogs.ts'
import { queries } from '../api/queries.ts'
import { useStore } from '../ui/store.ts'
import { type Told, told } from '../ui/told.ts'
import { clock, shortDuration } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { useEnds } from './operation-ends.tsx'

const shownMax = 12

/** Everything that was run or is running, with its steps; it survives changes of page, and tells when something ends. */
export function OperationsTray() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(queries.operations)
  const operations = (data ?? []).toSorted((left, right) => right.number - left.number).slice(0, shownMax)
  const running = operations.filter(operation => operation.state === 'running').length
  useEnds(data ?? null)
  const messages = useStore(told, each => each.list)
  if (operations.length === 0 && messages.length === 0) return null
  return (
    <aside className={open ? 'tray is-open' : 'tray'} aria-label={t('tray.title')}>
      <button type="button" className="tray-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        {running > 0 ? <IconLoader2 size={15} className="spin" aria-hidden /> : null}
        <span>{running > 0 ? t('tray.running', { count: running }) : t('tray.title')}</span>
        {open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronUp size={15} aria-hidden />}
      </button>
      {open ? (
        <div className="tray-body">
          {operations.length === 0 ? null : (
            <ul>
              {operations.map(operation => (
                <Entry key={operation.number} operation={operation} />
              ))}
            </ul>
          )}
          {messages.length === 0 ? null : (
            <>
              <h3>{t('frameMore.told')}</h3>
              <ul aria-label={t('frameMore.told')}>
                {messages.map(message => (
                  <Message key={message.number} message={message} />
                ))}
              </ul>
            </>
          )}
        </div>
      ) : null}
    </aside>
  )
}

/** What a toast said, after it has left. */
function Message({ message: { at, isFailure, title, message } }: { readonly message: Told }) {
  return (
    <li>
      {isFailure ? <IconCircleX size={16} className="ink-critical" aria-hidden /> : <IconCircleCheck size={16} className="ink-ok" aria-hidden />}
      <div>
        {title === '' ? null : <strong>{title}</strong>}
        <span>{message}</span>
        <span className="dim">{clock(at)}</span>
      </div>
    </li>
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
        {operation.steps.length === 0 ? (
          <span>{say(operation.says)}</span>
        ) : (
          <button type="button" className="link-button left" onClick={() => openDialog({ kind: 'operation', number: operation.number })}>
            {say(operation.says)}
          </button>
        )}
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
