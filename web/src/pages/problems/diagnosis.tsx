import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DetectionView } from '../../../../src/contract/views.ts'
import { useNameOf } from '../../instance/names.ts'
import { clock } from '../../words/format.ts'

/** `02:58:10 UnreachableMaster → 02:58:11 DeadMaster` */
export function DiagnosisLine({ detection }: { readonly detection: DetectionView }) {
  const { t } = useTranslation()
  if (detection.changes.length === 0) return <span className="dim">{t('history.noChanges')}</span>
  return (
    <ol className="diagnosis">
      {detection.changes.map(({ at, code }) => (
        <li key={`${at} ${code}`}>
          <span className="dim">{clock(at)}</span> <code>{code}</code>
        </li>
      ))}
    </ol>
  )
}

/** What was done about it. */
export function BegunRecovery({ detection: { recovery } }: { readonly detection: DetectionView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  if (recovery === null) return <span className="dim">{t('history.noRecovery')}</span>
  const { id, uid, successor, endedAt } = recovery
  return (
    <Link to="/audit-recovery/uid/$uid" params={{ uid }}>
      {successor !== null ? t('history.promoted', { id, successor: nameOf(successor) }) : endedAt === null ? t('history.running', { id }) : t('history.failed', { id })}
    </Link>
  )
}
