import { IconAlertTriangleFilled, IconCircleXFilled } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { duration } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { findingWords } from '../finding-words.ts'
import { Outlook, Since } from '../outlook.tsx'
import type { AttentionLine } from './attention-of.ts'

const shownMax = 12

/** The clusters that need a person, each with what is wrong and what will happen. Nothing at all when there are none. */
export function AttentionList({ lines }: { readonly lines: readonly AttentionLine[] }) {
  const { t } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  if (lines.length === 0) return null
  const isGrave = lines.some(({ attention }) => attention.is === 'finding' && !attention.finding.isDowntimed)
  return (
    <section className={isGrave ? 'attention' : 'attention is-warning'} aria-labelledby="attention">
      <h2 id="attention">
        {t('clusters.attention')} <span className="attention-count">{lines.length}</span>
      </h2>
      <ul>
        {(isWhole ? lines : lines.slice(0, shownMax)).map(line => (
          <li key={line.row.name}>
            <AttentionIcon line={line} />
            <ClusterLink row={line.row} className="attention-name" />
            <span className="attention-says">
              <Says line={line} />
            </span>
            <WhatHappens line={line} />
            <ClusterLink row={line.row} className="button-link" {...(line.attention.is === 'finding' ? {} : { search: { q: 'status:trouble' } })}>
              {t('clusters.open')}
            </ClusterLink>
          </li>
        ))}
      </ul>
      {lines.length <= shownMax ? null : (
        <button type="button" className="link-button attention-more" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('state.less') : t('lists.moreClusters', { count: lines.length - shownMax })}
        </button>
      )}
    </section>
  )
}

function AttentionIcon({ line: { attention }, size = 18 }: { readonly line: AttentionLine; readonly size?: number }) {
  const isGrave = attention.is === 'finding' && !attention.finding.isDowntimed
  const Icon = isGrave ? IconCircleXFilled : IconAlertTriangleFilled
  return (
    <span className={isGrave ? 'ink-critical' : attention.is === 'finding' ? 'ink-stale' : 'ink-warning'} aria-hidden>
      <Icon size={size} />
    </span>
  )
}

/** What is wrong, in words. */
export function Says({ line: { row, attention } }: { readonly line: AttentionLine }) {
  const { t } = useTranslation()
  switch (attention.is) {
    case 'finding':
      return (
        <>
          {findingWords(attention.finding)} <code>{attention.finding.code}</code> <Since at={attention.finding.since} />
        </>
      )
    case 'broken':
      return t('lists.broken', { count: attention.count, all: row.servers })
    case 'lag':
      return attention.seconds === null
        ? t('lists.lagUnknown', { count: attention.count, all: row.servers })
        : t('lists.lagging', { time: duration(attention.seconds), count: attention.count, all: row.servers })
  }
}

/** What the program does about it, or why it does nothing. */
export function WhatHappens({ line: { attention, doing } }: { readonly line: AttentionLine }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  if (doing !== null)
    return (
      <span className="outlook outlook-recovering">
        <Link to="/audit-recovery/uid/$uid" params={{ uid: doing.uid }}>
          {t('lists.recoveringNow')}
        </Link>
        {doing.says === '' ? null : <span className="dim"> — {words.message(doing.says)}</span>}
      </span>
    )
  return attention.is === 'finding' ? <Outlook finding={attention.finding} /> : <span className="outlook dim">{t('lists.singleReplicas')}</span>
}
