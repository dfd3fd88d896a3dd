import { CloseButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type PointerEvent as ReactPointerEvent } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { compareByTrouble } from '../drawing/trouble.ts'
import { useNameOf } from '../instance/names.ts'
import { StatusMark } from '../instance/status-mark.tsx'
import type { Pressed } from './tree-context.tsx'

export interface StackListPlace {
  readonly keys: ReadonlySet<string>
  readonly at: { readonly x: number; readonly y: number }
}

const rowHeight = 34
const width = 320
const heightMax = 380

/** What a stack holds, worst first: a click brings one out, and each can be dragged from here. */
export function StackList({
  place,
  servers,
  press,
  pick,
  onClose,
}: {
  readonly place: StackListPlace
  readonly servers: readonly ServerView[]
  readonly press: (pressed: Pressed, event: ReactPointerEvent) => void
  readonly pick: (key: string) => void
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = servers.toSorted(compareByTrouble)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 })
  useEffect(() => scroller.current?.querySelector('button')?.focus(), [])
  const left = Math.max(8, Math.min(place.at.x, window.innerWidth - width - 8))
  const top = Math.max(8, Math.min(place.at.y + 4, window.innerHeight - heightMax - 8))
  return createPortal(
    <div
      className="stack-list"
      role="dialog"
      aria-label={t('card.stack', { count: rows.length })}
      style={{ left, top, width }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <header>
        <strong>{t('card.stack', { count: rows.length })}</strong>
        <CloseButton size="sm" aria-label={t('state.close')} onClick={onClose} />
      </header>
      <div ref={scroller} style={{ maxHeight: heightMax - 60, overflow: 'auto' }}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(item => {
            const server = rows[item.index]
            if (server === undefined) return null
            const worst = server.statuses[0]
            return (
              <li key={server.key} style={{ transform: `translateY(${item.start}px)`, height: rowHeight }}>
                <button type="button" onClick={() => pick(server.key)} onPointerDown={event => press({ servers: [server.key], replicasOf: null }, event)}>
                  <span className="stack-list-name">{nameOf(server.key)}</span>
                  {worst === undefined ? null : <StatusMark status={worst} server={server} withAge={false} />}
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </div>,
    document.body,
  )
}
