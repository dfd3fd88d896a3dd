import { Button, Select, TextInput } from '@mantine/core'
import { IconBinaryTree, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { clusterTitle } from '../cluster-name.ts'
import { useTitle } from '../title.ts'
import { Attention } from './attention.tsx'
import { ClusterTable } from './cluster-table.tsx'
import { sortClusters, type ClusterSort } from './sort-clusters.ts'

const storedSort = 'orchestrator-clusters-sort'

/** Is anything wrong, where, is it being handled? */
export function ClustersPage() {
  const { t } = useTranslation()
  const fleet = useQuery(queries.fleet)
  const [filter, setFilter] = useState('')
  const [sort, setSort] = useState<ClusterSort>(() =>
    localStorage.getItem(storedSort) === 'name' ? 'name' : localStorage.getItem(storedSort) === 'servers' ? 'servers' : 'trouble',
  )
  useTitle(t('clusters.title'))
  const chooseSort = (value: string | null): void => {
    const chosen = value === 'name' || value === 'servers' ? value : 'trouble'
    localStorage.setItem(storedSort, chosen)
    setSort(chosen)
  }
  if (fleet.isPending)
    return (
      <div className="page">
        <Loading />
      </div>
    )
  if (fleet.isError)
    return (
      <div className="page">
        <Failure error={fleet.error} retry={() => void fleet.refetch()} />
      </div>
    )
  const all = fleet.data.clusters
  if (all.length === 0) {
    return (
      <div className="page">
        <h1>{t('clusters.title')}</h1>
        <Empty icon={<IconBinaryTree size={40} aria-hidden />} title={t('clusters.welcome')} text={t('clusters.welcomeText')}>
          <Button component={Link} to="/discover">
            {t('discover.title')}
          </Button>
        </Empty>
      </div>
    )
  }
  const wanted = filter.trim().toLowerCase()
  const rows = sortClusters(
    all.filter(row => `${clusterTitle(row)} ${row.name} ${row.primary?.key ?? ''}`.toLowerCase().includes(wanted)),
    sort,
  )
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('clusters.title')}</h1>
        <span className="dim">{t('clusters.count', { count: all.length })}</span>
        <span className="grow" />
        <TextInput
          data-filter
          size="sm"
          w={280}
          aria-label={t('clusters.filter')}
          placeholder={t('clusters.filter')}
          leftSection={<IconSearch size={15} />}
          value={filter}
          onChange={event => setFilter(event.currentTarget.value)}
        />
        <Select
          size="sm"
          w={150}
          aria-label={t('clusters.sort')}
          allowDeselect={false}
          value={sort}
          onChange={chooseSort}
          data={[
            { value: 'trouble', label: t('clusters.sortTrouble') },
            { value: 'name', label: t('clusters.sortName') },
            { value: 'servers', label: t('clusters.sortServers') },
          ]}
        />
      </div>
      <Attention rows={all} />
      {rows.length === 0 ? (
        <Empty title={t('clusters.none')}>
          <Button variant="default" onClick={() => setFilter('')}>
            {t('state.clearFilter')}
          </Button>
        </Empty>
      ) : (
        <ClusterTable rows={rows} />
      )}
    </div>
  )
}
