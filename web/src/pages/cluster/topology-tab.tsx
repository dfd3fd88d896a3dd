import { ReactFlowProvider } from '@xyflow/react'
import { useEffect, useMemo } from 'react'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { SelectionBar } from '../../actions/selection-bar.tsx'
import { actNamed, usePerform } from '../../actions/use-perform.ts'
import { coloursBy } from '../../drawing/colours.ts'
import { ServerPanel } from '../../instance/server-panel.tsx'
import type { ClusterSearch } from '../../router.tsx'
import { TopologyTree } from '../../tree/topology-tree.tsx'
import { usePreference } from '../../ui/preferences.ts'
import { ListView } from './list-view.tsx'
import { TextView } from './text-view.tsx'
import { TopologyBar } from './topology-bar.tsx'
import { useChosen } from './use-chosen.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'
import './topology.css'

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
  const [preferredView, preferredFold, direction, colourBy] = [usePreference('view'), usePreference('fold'), usePreference('direction'), usePreference('colourBy')]
  const fold = search.fold ?? (search.compact === true ? 'alike' : preferredFold)
  const foldAlike = fold === 'alike' || (fold === 'automatic' && cluster.members.length > foldFrom)
  const wanted = search.view ?? preferredView
  const view = wanted === 'tree' && window.innerWidth < narrowPixels ? 'list' : wanted
  const colours = useMemo(() => coloursBy(cluster.members, colourBy), [cluster.members, colourBy])
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
            cluster={cluster}
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
