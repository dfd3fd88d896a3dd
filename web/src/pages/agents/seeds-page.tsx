import { IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { Empty, Loading } from '../../ui/page-state.tsx'
import { useTitle } from '../title.ts'
import { AgentTabs } from './agent-tabs.tsx'
import { NotServed } from './not-served.tsx'
import { SeedTable } from './seed-table.tsx'

/** The last copies of data from host to host. */
export function SeedsPage() {
  const { t } = useTranslation()
  const seeds = useQuery(queries.seeds)
  useTitle(t('agents.seeds'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('agents.seeds')}</h1>
      </div>
      <AgentTabs />
      {seeds.isPending ? <Loading /> : null}
      {seeds.isError ? <NotServed error={seeds.error} retry={() => void seeds.refetch()} /> : null}
      {seeds.data?.length === 0 ? <Empty icon={<IconCopy size={40} aria-hidden />} title={t('agents.noSeeds')} /> : null}
      {seeds.data === undefined || seeds.data.length === 0 ? null : <SeedTable seeds={seeds.data} />}
    </div>
  )
}
