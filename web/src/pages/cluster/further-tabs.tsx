import { IconStack2 } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { Empty } from '../../ui/page-state.tsx'
import type { ActivityFilter } from '../activity/activity-filter.ts'
import { ActivityList } from '../activity/activity-list.tsx'
import { poolMatrices } from '../pools/matrix.ts'
import { PoolTable } from '../pools/pool-matrix.tsx'
import { SettingsTab } from './settings-tab.tsx'

/** The tabs of a cluster that are looked at seldom, and fetched when they are. */
export function FurtherTab({ cluster, tab }: { readonly cluster: ClusterView; readonly tab: 'activity' | 'pools' | 'settings' }) {
  switch (tab) {
    case 'activity':
      return <ActivityTab cluster={cluster} />
    case 'pools':
      return <PoolsTab cluster={cluster} />
    case 'settings':
      return <SettingsTab cluster={cluster} />
  }
}

function ActivityTab({ cluster }: { readonly cluster: ClusterView }) {
  const [filter, setFilter] = useState<ActivityFilter>({})
  const fixed = useMemo(() => ({ cluster: cluster.name }), [cluster.name])
  return (
    <div className="tab-page">
      <ActivityList
        filter={filter}
        setFilter={change => setFilter(before => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined)))}
        fixed={fixed}
      />
    </div>
  )
}

function PoolsTab({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const [matrix] = useMemo(() => poolMatrices(cluster.members), [cluster.members])
  return (
    <div className="tab-page">
      {matrix === undefined ? <Empty icon={<IconStack2 size={40} aria-hidden />} title={t('poolList.noneHere')} text={t('pools.noneText')} /> : <PoolTable matrix={matrix} />}
    </div>
  )
}
