import { IconAlertTriangleFilled, IconCircleXFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow } from '../../../../src/contract/views.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { findingWords } from '../finding-words.ts'
import { Outlook, Since } from '../outlook.tsx'
import { sortClusters } from './sort-clusters.ts'

const shownMax = 12

/** The clusters that need a person, each with what is wrong and what will happen. Nothing at all when there are none. */
export function Attention({ rows }: { readonly rows: readonly ClusterRow[] }) {
  const { t } = useTranslation()
  const troubled = sortClusters(
    rows.filter(row => row.worstFinding !== null && row.worstFinding.severity === 'critical'),
    'trouble',
  ).slice(0, shownMax)
  if (troubled.length === 0) return null
  return (
    <section className="attention" aria-labelledby="attention">
      <h2 id="attention">{t('clusters.attention')}</h2>
      <ul>
        {troubled.map(row => {
          const finding = row.worstFinding
          if (finding === null) return null
          const Icon = finding.isDowntimed ? IconAlertTriangleFilled : IconCircleXFilled
          return (
            <li key={row.name}>
              <span className={finding.isDowntimed ? 'ink-stale' : 'ink-critical'} aria-hidden>
                <Icon size={18} />
              </span>
              <ClusterLink row={row} className="attention-name" />
              <span className="attention-says">
                {findingWords(finding)} <code>{finding.code}</code> <Since at={finding.since} />
              </span>
              <Outlook finding={finding} />
              <ClusterLink row={row} className="button-link">
                {t('clusters.open')}
              </ClusterLink>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
