import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { ActionIcon, Button, Popover, Switch, TextInput } from '@mantine/core'
import { IconFocus2, IconHelpCircle, IconMaximize, IconMinus, IconPlus, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { SelectionBar } from '../../actions/selection-bar.tsx'
import { actNamed, usePerform } from '../../actions/use-perform.ts'
import { matches } from '../../drawing/filter.ts'
import { ServerPanel } from '../../instance/server-panel.tsx'
import type { ClusterSearch } from '../../router.tsx'
import { Legend } from '../../tree/legend.tsx'
import { TopologyTree } from '../../tree/topology-tree.tsx'
import { ListView } from './list-view.tsx'
import { useChosen } from './use-chosen.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'

/** Above this many servers alike replicas are folded, unless the person chose otherwise. */
const foldFrom = 60
const narrowPixels = 640

export function TopologyTab(props: { readonly cluster: ClusterView; readonly search: ClusterSearch; readonly suffix: string }) {
  return (
    <ReactFlowProvider>
      <Topology {...props} />
    </ReactFlowProvider>
  )
}

function Topology({ cluster, search, suffix }: { readonly cluster: ClusterView; readonly search: ClusterSearch; readonly suffix: string }) {
  const perform = usePerform(cluster)
  const setSearch = useSetClusterSearch()
  const whyNot = useMayAct()
  const chosen = useChosen(cluster)
  const [fold, setFold] = useState<boolean | null>(search.compact === true ? true : null)
  const foldAlike = fold ?? cluster.members.length > foldFrom
  const selected = cluster.members.find(member => member.key === search.node) ?? null
  const isList = search.view === 'list' || window.innerWidth < narrowPixels
  const select = (key: string | null): void => setSearch({ node: key ?? undefined })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest('input, textarea, [role="dialog"], [role="menu"]') !== null) return
      if (event.key === 't') setSearch({ view: undefined })
      else if (event.key === 'l') setSearch({ view: 'list' })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <div className="topology">
      <TopologyBar cluster={cluster} search={search} foldAlike={foldAlike} setFold={setFold} isList={isList} />
      {chosen.servers.length === 0 ? null : <SelectionBar servers={chosen.servers} clear={chosen.clear} />}
      <div className="topology-body">
        {isList ? (
          <ListView cluster={cluster} selected={selected?.key ?? null} select={select} query={search.q ?? ''} chosen={chosen.chosen} choose={chosen.choose} />
        ) : (
          <TopologyTree
            cluster={cluster}
            selected={selected?.key ?? null}
            select={select}
            chosen={chosen.chosen}
            choose={chosen.choose}
            query={search.q ?? ''}
            foldAlike={foldAlike}
            mayAct={whyNot === null}
            suffix={suffix}
            act={(name, server) => {
              const act = actNamed(name)
              if (act !== undefined) perform(act, server)
            }}
          />
        )}
        {selected === null ? null : <ServerPanel key={selected.key} server={selected} cluster={cluster} select={select} />}
      </div>
    </div>
  )
}

function TopologyBar({
  cluster,
  search,
  foldAlike,
  setFold,
  isList,
}: {
  readonly cluster: ClusterView
  readonly search: ClusterSearch
  readonly foldAlike: boolean
  readonly setFold: (fold: boolean) => void
  readonly isList: boolean
}) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const query = search.q ?? ''
  const hits = query === '' ? 0 : cluster.members.filter(member => matches(member, query)).length
  return (
    <div className="topology-bar">
      <TextInput
        data-filter
        size="xs"
        w={220}
        aria-label={t('cluster.filter')}
        title={t('cluster.filterHelp')}
        placeholder={t('cluster.filter')}
        leftSection={<IconSearch size={14} />}
        value={query}
        onChange={event => setSearch({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
      />
      {query === '' ? null : (
        <span className="row" role="status">
          {hits === 0 ? t('state.nothingMatches', { query }) : t('cluster.hits', { count: hits })}
          <Button size="compact-xs" variant="subtle" onClick={() => setSearch({ q: undefined })}>
            {t('state.clearFilter')}
          </Button>
        </span>
      )}
      <SeverityCounts cluster={cluster} />
      <span className="grow" />
      {cluster.members.length > 4 && !isList ? (
        <Switch size="xs" label={t('cluster.fold')} checked={foldAlike} onChange={event => setFold(event.currentTarget.checked)} />
      ) : null}
      <div className="segmented" role="group" aria-label={t('keysHelp.view')}>
        <button type="button" aria-pressed={!isList} onClick={() => setSearch({ view: undefined })}>
          {t('cluster.tree')}
        </button>
        <button type="button" aria-pressed={isList} onClick={() => setSearch({ view: 'list' })}>
          {t('cluster.list')}
        </button>
      </div>
      {isList ? null : <ViewButtons cluster={cluster} />}
    </div>
  )
}

/** Counts as buttons: each shows exactly those. */
function SeverityCounts({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const setSearch = useSetClusterSearch()
  const counts = { critical: 0, warning: 0, stale: 0, ok: 0 }
  for (const member of cluster.members) if (member.downtime === null) counts[member.statuses[0]?.severity ?? 'stale']++
  return (
    <span className="row" role="group" aria-label={t('cluster.counts')}>
      {(['critical', 'warning', 'stale'] as const).map(severity =>
        counts[severity] === 0 ? null : (
          <button key={severity} type="button" className={`count-button ink-${severity}`} onClick={() => setSearch({ q: 'status:trouble' })}>
            {t(`cluster.${severity}`, { count: counts[severity] })}
          </button>
        ),
      )}
      <span className="ink-ok count-well">{t('cluster.ok', { count: counts.ok })}</span>
    </span>
  )
}

function ViewButtons({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const glide = { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250 }
  const button = { variant: 'default', size: 28 } as const
  const toPrimary = (): void => {
    if (cluster.primary !== null) void flow.fitView({ nodes: [{ id: cluster.primary.key }], maxZoom: 1, minZoom: 0.9, ...glide })
  }
  return (
    <div className="row tight">
      <ActionIcon {...button} aria-label={t('cluster.zoomOut')} title={t('cluster.zoomOut')} onClick={() => void flow.zoomOut(glide)}>
        <IconMinus size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.zoomIn')} title={t('cluster.zoomIn')} onClick={() => void flow.zoomIn(glide)}>
        <IconPlus size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.fit')} title={t('cluster.fit')} onClick={() => void flow.fitView({ padding: 0.05, maxZoom: 1, ...glide })}>
        <IconMaximize size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.toPrimary')} title={t('cluster.toPrimary')} onClick={toPrimary}>
        <IconFocus2 size={15} />
      </ActionIcon>
      <Popover width={340} position="bottom-end" withinPortal shadow="md" trapFocus>
        <Popover.Target>
          <ActionIcon {...button} aria-label={t('cluster.legend')} title={t('cluster.legend')}>
            <IconHelpCircle size={15} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('cluster.legend')}>
          <Legend cluster={cluster} />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
