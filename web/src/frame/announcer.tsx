import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FindingView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import { findingWords } from '../pages/finding-words.ts'

const keyOf = ({ code, server }: FindingView): string => `${code} ${server}`

/** Tells those who hear the page of each new failure, politely and once; what was there when it was opened is read on the pages. */
export function Announcer() {
  const { t } = useTranslation()
  const { data: findings } = useQuery(queries.findings)
  const known = useRef<ReadonlySet<string> | null>(null)
  const [words, setWords] = useState('')
  useEffect(() => {
    if (findings === undefined) return
    const failures = findings.filter(({ severity, isDowntimed }) => severity === 'critical' && !isDowntimed)
    const before = known.current
    known.current = new Set(failures.map(keyOf))
    if (before === null) return
    const news = failures.filter(finding => !before.has(keyOf(finding)))
    if (news.length > 0)
      setWords(news.map(finding => t('frameMore.newFailure', { cluster: finding.clusterAlias === '' ? finding.clusterName : finding.clusterAlias, failure: findingWords(finding) })).join(' '))
  }, [findings, t])
  return (
    <div className="visually-hidden" aria-live="polite">
      {words}
    </div>
  )
}
