import { IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SeedEntry } from '../../../../src/contract/agents.ts'
import { useNow } from '../../ui/now.ts'
import { clock, shortDuration } from '../../words/format.ts'

export function SeedTable({ seeds }: { readonly seeds: readonly SeedEntry[] }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <div className="table-scroll">
      <table className="as-cards table">
        <thead>
          <tr>
            <th scope="col">{t('seeding.seed')}</th>
            <th scope="col">{t('agents.target')}</th>
            <th scope="col">{t('agents.from')}</th>
            <th scope="col">{t('agents.result')}</th>
            <th scope="col">{t('agents.started')}</th>
            <th scope="col" className="right">
              {t('agents.took')}
            </th>
          </tr>
        </thead>
        <tbody>
          {seeds.map(seed => (
            <tr key={seed.id}>
              <th scope="row">
                <Link to="/seed-details/$id" params={{ id: String(seed.id) }} className="strong">
                  #{seed.id}
                </Link>
              </th>
              <td className="mono" data-label={t('agents.target')}>{seed.target}</td>
              <td className="mono" data-label={t('agents.from')}>{seed.source}</td>
              <td data-label={t('agents.result')}>
                <SeedResult seed={seed} />
              </td>
              <td data-label={t('agents.started')}>{clock(seed.startedAt)}</td>
              <td className="right" data-label={t('agents.took')}>{shortDuration((seed.endedAt ?? now) - seed.startedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function SeedResult({ seed }: { readonly seed: SeedEntry }) {
  const { t } = useTranslation()
  const [Icon, tone, words] = !seed.isComplete
    ? ([IconLoader2, 'info', t('agents.active')] as const)
    : seed.isSuccessful
      ? ([IconCircleCheck, 'ok', t('agents.success')] as const)
      : ([IconCircleX, 'critical', t('agents.failed')] as const)
  return (
    <span className={`status-mark ink-${tone}`}>
      <Icon size={15} className={seed.isComplete ? '' : 'spin'} aria-hidden />
      {words}
    </span>
  )
}
