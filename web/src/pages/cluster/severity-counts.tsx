import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../../src/contract/views.ts'
import { valuesIn, withValues } from '../../drawing/filter-words.ts'
import { StatusIcon } from '../../instance/status-mark.tsx'

const signs = { critical: 'unreachable', warning: 'lag', stale: 'not-checked', ok: 'replicating' } as const
const severities = ['critical', 'warning', 'stale', 'ok'] as const

/** How many servers are how, without those in downtime. Each is a button that shows exactly those, and all again. */
export function SeverityCounts({ members, query, setQuery }: { readonly members: readonly ServerView[]; readonly query: string; readonly setQuery: (query: string) => void }) {
  const { t } = useTranslation()
  const counts = { critical: 0, warning: 0, stale: 0, ok: 0 }
  for (const member of members) if (member.downtime === null) counts[member.statuses[0]?.severity ?? 'stale']++
  const asked = valuesIn(query, 'status')
  return (
    <span className="row counts" role="group" aria-label={t('cluster.counts')}>
      {severities.map(severity => {
        if (counts[severity] === 0) return null
        const isAsked = asked.length === 1 && asked[0] === severity
        return (
          <button
            key={severity}
            type="button"
            className={`count-button ink-${severity}`}
            aria-pressed={isAsked}
            title={t('cluster.showOnly')}
            onClick={() => setQuery(withValues(query, 'status', isAsked ? [] : [severity]))}
          >
            <StatusIcon code={signs[severity]} severity={severity} size={13} />
            {t(`cluster.${severity}`, { count: counts[severity] })}
          </button>
        )
      })}
    </span>
  )
}
