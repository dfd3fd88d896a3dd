import { ReactFlowProvider } from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { usePerform } from '../../actions/use-perform.ts'
import { coloursBy } from '../../drawing/colours.ts'
import { keepLooks } from '../../drawing/looks.ts'
import type { ClusterSearch } from '../../router.tsx'
import { TopologyTree } from '../../tree/topology-tree.tsx'
import { later } from '../../ui/later.tsx'
import { usePreference } from '../../ui/preferences.ts'
import { TopologyBar } from './topology-bar.tsx'
import { useChosen } from './use-chosen.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'
import './topology.css'

const SelectionBar = later(() => import('../../actions/selection-bar.tsx').then(part => part.SelectionBar))
const ServerPanel = later(() => import('../../instance/server-panel.tsx').then(part => part.ServerPanel))
const ListView = later(() => import('./list-view.tsx').then(part => part.ListView))
const TextView = later(() => import('./text-view.tsx').then(part => part.TextView))
/** Of another time; most never look. */
const HistoryView = later(() => import('./history/history-view.tsx').then(part => part.HistoryView))

/** Above this many servers alike replicas are folded, unless the person chose otherwise. */
const foldFrom = 60
const narrowPixels = 640

export function TopologyTab(props: { readonly cluster: ClusterView; readonly search: ClusterSearch; readonly suffix: string }) {
  const { at } = props.search
  if (at !== undefined) return <HistoryView {...props} at={at} />
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
  const [preferredView, preferredFold, direction, colourBy] = [usePreference('view'), usePreference('fold'), usePreference('direction'), usePreference('colourBy')]
  const fold = search.fold ?? (search.compact === true ? 'alike' : preferredFold)
  const foldAlike = fold === 'alike' || (fold === 'automatic' && cluster.members.length > foldFrom)
  const wanted = search.view ?? preferredView
  const view = wanted === 'tree' && window.innerWidth < narrowPixels ? 'list' : wanted
  // What is drawn is made anew only where something looks otherwise, not with every poll of a thousand servers.
  const shown = useRef(cluster.members)
  const members = useMemo(() => (shown.current = keepLooks(shown.current, cluster.members)), [cluster.members])
  const colours = useMemo(() => coloursBy(members, colourBy), [members, colourBy])
  const selected = cluster.members.find(member => member.key === search.node) ?? null
  const select = (key: string | null): void => setSearch({ node: key ?? undefined })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null) return
      if (event.key === 't') setSearch({ view: 'tree' })
      else if (event.key === 'l') setSearch({ view: 'list' })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <div className="topology">
      <TopologyBar cluster={cluster} search={search} fold={fold} view={view} colours={colours} />
      {chosen.servers.length === 0 ? null : <SelectionBar servers={chosen.servers} clear={chosen.clear} />}
      <div className="topology-body">
        {view === 'list' ? (
          <ListView cluster={cluster} selected={selected?.key ?? null} select={select} query={search.q ?? ''} chosen={chosen.chosen} choose={chosen.choose} />
        ) : view === 'text' ? (
          <TextView cluster={cluster} query={search.q ?? ''} />
        ) : (
          <TopologyTree
            cluster={{ ...cluster, members }}
            selected={selected?.key ?? null}
            select={select}
            chosen={chosen.chosen}
            choose={chosen.choose}
            chooseAll={chosen.chooseAll}
            query={search.q ?? ''}
            foldAlike={foldAlike}
            depthMax={search.depth ?? null}
            direction={direction}
            colours={colours}
            mayAct={whyNot === null}
            suffix={suffix}
            act={perform}
          />
        )}
        {selected === null ? null : <ServerPanel key={selected.key} server={selected} cluster={cluster} select={select} />}
      </div>
    </div>
  )
}
