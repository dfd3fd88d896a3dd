import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { ClusterRow } from '../../../../src/contract/views.ts'
import { live } from '../../live/live.ts'
import { useNow } from '../../ui/now.ts'
import { useStore } from '../../ui/store.ts'
import { clockMinutes, duration, number } from '../../words/format.ts'
import { clusterTitle } from '../cluster-name.ts'
import type { AttentionLine } from './attention-of.ts'
import { Says, WhatHappens } from './attention.tsx'
import { Cell } from './cluster-table.tsx'

const shownMilliseconds = 8_000
/** A picture that stands still must say so: nobody touches a wall. */
const staleSeconds = 20

/** For a screen on a wall: large, one troubled cluster after another, nothing to press but the way back. */
export function Wall({ rows, lines, leave }: { readonly rows: readonly ClusterRow[]; readonly lines: readonly AttentionLine[]; readonly leave: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const { heardAt, isPaused } = useStore(live, each => each)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTurn(before => before + 1), shownMilliseconds)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => {
    const page = document.querySelector<HTMLElement>('#root')
    page?.setAttribute('inert', '')
    return () => page?.removeAttribute('inert')
  }, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') leave()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [leave])
  const line = lines[turn % Math.max(1, lines.length)]
  const servers = rows.reduce((sum, row) => sum + row.servers, 0)
  const silent = (now - heardAt) / 1000
  return createPortal(
    <main className={`wall ${line === undefined ? '' : line.attention.is === 'finding' ? 'is-critical' : 'is-warning'}`} aria-label={t('wall.title')}>
      <header>
        <h1>{t('wall.title')}</h1>
        <span className="grow" />
        <span>{t('clusters.count', { count: rows.length })}</span>
        <span>{t('servers.count', { count: servers })}</span>
        <span className="wall-clock">{clockMinutes(now)}</span>
        <button type="button" className="link-button" onClick={leave}>
          {t('wall.leave')}
        </button>
      </header>
      {silent < staleSeconds && !isPaused ? null : (
        <p className="wall-stale" role="alert">
          {isPaused ? t('wall.paused') : t('wall.silent', { time: duration(silent) })}
        </p>
      )}
      {line === undefined ? (
        <section className="wall-well">
          <IconCircleCheck size={120} aria-hidden />
          <p>{t('clusters.allWell')}</p>
        </section>
      ) : (
        <section className="wall-trouble">
          <p className="wall-count">{t('wall.attention', { count: lines.length, all: rows.length })}</p>
          <h2>{clusterTitle(line.row)}</h2>
          <p className="wall-says">
            <Says line={line} />
          </p>
          <p className="wall-next">
            <WhatHappens line={line} />
          </p>
          <div className="wall-facts">
            <Cell row={line.row} column="primary" />
            <Cell row={line.row} column="replication" />
          </div>
        </section>
      )}
      {lines.length < 2 ? null : (
        <ol className="wall-list">
          {lines.slice(0, 24).map((each, index) => (
            <li key={each.row.name} {...(index === turn % lines.length ? { 'aria-current': true } : {})}>
              {clusterTitle(each.row)}
            </li>
          ))}
          {lines.length > 24 ? <li>+{number(lines.length - 24)}</li> : null}
        </ol>
      )}
    </main>,
    document.body,
  )
}
