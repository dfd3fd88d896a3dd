import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconBinaryTree, IconDeviceTv, IconLayoutGrid, IconSearch, IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow, ServerView } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { ColumnsMenu } from '../../ui/columns-menu.tsx'
import { useColumns } from '../../ui/columns.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { useTitle } from '../title.ts'
import { AttentionList } from './attention.tsx'
import { attentionLines } from './attention-of.ts'
import { ClusterCards } from './cluster-cards.tsx'
import { clusterColumns, ClusterTable, columnLabels, standardClusterColumns } from './cluster-table.tsx'
import { clusterShows, type ClusterShow, useClustersSearch } from './clusters-search.ts'
import { matchesCluster } from './matches-cluster.ts'
import { clusterSorts, sortClusters } from './sort-clusters.ts'
import { Wall } from './wall.tsx'

const sortWords = { trouble: 'clusters.sortTrouble', name: 'clusters.sortName', servers: 'clusters.sortServers', lag: 'servers.byLag' } as const
const showWords = { all: 'lists.showAll', trouble: 'lists.showTrouble', failing: 'lists.showFailing', uncovered: 'lists.showUncovered' } as const

/** Is anything wrong, where, is it being handled? */
export function ClustersPage() {
  const { t } = useTranslation()
  const fleet = useQuery(queries.fleet)
  const { q, sort, show, layout, isWall, set } = useClustersSearch()
  const columns = useColumns('clusters', clusterColumns, standardClusterColumns)
  // Rows do not tell of their servers' names, sites and tags: these are asked for when somebody looks for them.
  const servers = useQuery({ ...queries.servers, enabled: q !== '' }).data?.servers
  useTitle(isWall ? t('wall.title') : t('clusters.title'))
  const leaveWall = useCallback(() => set({ wall: undefined }), [set])
  const all = fleet.data?.clusters
  const lines = useMemo(() => attentionLines(all ?? []), [all])
  const rows = useMemo(() => {
    const byCluster = Map.groupBy(servers ?? [], (server: ServerView) => server.clusterName)
    const kept = (all ?? []).filter(row => isShown(row, show, lines) && matchesCluster(row, byCluster.get(row.name) ?? [], q))
    return sortClusters(kept, sort)
  }, [all, lines, servers, show, sort, q])
  if (all === undefined)
    return <div className="page">{fleet.isError ? <Failure error={fleet.error} retry={() => void fleet.refetch()} /> : <Loading />}</div>
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
  const clear = (): void => set({ q: undefined, show: show === 'all' ? undefined : 'all' })
  const serverCount = all.reduce((sum, row) => sum + row.servers, 0)
  return (
    <div className="page">
      {isWall ? <Wall rows={all} lines={lines} leave={leaveWall} /> : null}
      <div className="page-head clusters-head">
        <h1>{t('clusters.title')}</h1>
        <span className="dim" role="status">
          {rows.length === all.length ? t('clusters.count', { count: all.length }) : t('lists.ofClusters', { shown: rows.length, count: all.length })}
        </span>
        <span className="grow" />
        <TextInput
          data-filter
          size="xs"
          className="clusters-filter"
          aria-label={t('lists.clustersFilter')}
          title={t('lists.clustersFilterHelp')}
          placeholder={t('lists.clustersFilter')}
          leftSection={<IconSearch size={15} />}
          value={q}
          onChange={event => set({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        />
        <Select
          size="xs"
          w={165}
          aria-label={t('lists.show')}
          allowDeselect={false}
          value={show}
          onChange={value => set({ show: clusterShows.find(each => each === value) })}
          data={clusterShows.map(value => ({ value, label: t(showWords[value]) }))}
        />
        <Select
          size="xs"
          w={150}
          aria-label={t('clusters.sort')}
          allowDeselect={false}
          value={sort}
          onChange={value => set({ sort: clusterSorts.find(each => each === value) })}
          data={clusterSorts.map(value => ({ value, label: t(sortWords[value]) }))}
        />
        <div className="row tight wide-only" role="group" aria-label={t('lists.view')}>
          {(['table', 'cards'] as const).map(value => (
            <ActionIcon
              key={value}
              variant={layout === value ? 'light' : 'default'}
              size={30}
              aria-label={t(`lists.${value}`)}
              title={t(`lists.${value}`)}
              aria-pressed={layout === value}
              onClick={() => set({ layout: value })}
            >
              {value === 'table' ? <IconTable size={16} /> : <IconLayoutGrid size={16} />}
            </ActionIcon>
          ))}
        </div>
        <ColumnsMenu columns={columns} label={name => t(columnLabels[name])} />
        <Button size="xs" variant="default" className="wide-only" leftSection={<IconDeviceTv size={15} />} onClick={() => set({ wall: 1 })}>
          {t('wall.open')}
        </Button>
      </div>
      <AttentionList lines={lines} />
      {rows.length === 0 ? (
        <Empty title={q === '' ? t('clusters.none') : t('lists.noCluster', { query: q })}>
          <Button variant="default" onClick={clear}>
            {t('state.clearFilter')}
          </Button>
        </Empty>
      ) : layout === 'cards' ? (
        <ClusterCards rows={rows} columns={columns.shown} servers={serverCount} />
      ) : (
        <ClusterTable rows={rows} columns={columns.shown} />
      )}
    </div>
  )
}

function isShown(row: ClusterRow, show: ClusterShow, lines: ReturnType<typeof attentionLines>): boolean {
  switch (show) {
    case 'all':
      return true
    case 'trouble':
      return lines.some(line => line.row === row)
    case 'failing':
      return row.worstFinding?.severity === 'critical'
    case 'uncovered':
      return !row.recoversPrimary || !row.recoversIntermediate
  }
}
