import { IconAlertTriangle } from '@tabler/icons-react'
import { MiniMap, ReactFlow, useReactFlow } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuPlace } from '../actions/server-menu.tsx'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { matches } from '../drawing/filter.ts'
import type { Colours } from '../drawing/colours.ts'
import { walk } from '../drawing/forest.ts'
import { treesIn } from '../drawing/frames.ts'
import { fittingView, openingView } from '../drawing/opening-view.ts'
import type { Direction } from '../drawing/place.ts'
import { compareByTrouble, isInTrouble } from '../drawing/trouble.ts'
import { useNameOf } from '../instance/names.ts'
import { later } from '../ui/later.tsx'
import { cardsOf, linesOf, litBy } from './build-cards.ts'
import { focusSoon } from './focus-soon.ts'
import { edgeTypes, nodeTypes, type Card } from './node-types.ts'
import type { StackListPlace } from './stack-list.tsx'
import { TreeContext, type TreeActions } from './tree-context.tsx'
import { treeKey } from './tree-keys.ts'
import { useCardDrag } from './use-card-drag.ts'
import { useFolding } from './use-folding.ts'
import './tree.css'

const DragPill = later(() => import('./drag-pill.tsx').then(part => part.DragPill))
const Marquee = later(() => import('./marquee.tsx').then(part => part.Marquee))
const StackList = later(() => import('./stack-list.tsx').then(part => part.StackList))
const ServerMenu = later(() => import('../actions/server-menu.tsx').then(part => part.ServerMenu))

export interface TopologyTreeProps {
  readonly cluster: ClusterView
  readonly selected: string | null
  readonly select: (key: string | null) => void
  /** Those that something is done to together, and adding one or taking it out. */
  readonly chosen: ReadonlySet<string>
  readonly choose: (key: string) => void
  /** Adds all of them. */
  readonly chooseAll: (keys: readonly string[]) => void
  readonly query: string
  readonly foldAlike: boolean
  /** Replicas deeper than this are hidden at first. */
  readonly depthMax: number | null
  readonly direction: Direction
  readonly colours: Colours
  readonly mayAct: boolean
  /** As it was at another time: no menus, nothing to drag. */
  readonly isPast?: boolean
  readonly suffix: string
  readonly act: (name: 'move' | 'downtimeBegin' | 'refresh', server: ServerView) => void
}

const keysAnywhere: ReadonlySet<string> = new Set(['n', 'N', 'p', '0', '+', '-', '−'])
const noHits: readonly string[] = []
const mapFrom = 40
/** More cards than these are drawn only where the view is, and reached by keys, which bring the view along. */
const wholeMax = 200
const glideMilliseconds = 250

/** The live drawing of a cluster: pan, zoom, select, drag, and everything by keyboard too. */
export function TopologyTree(props: TopologyTreeProps) {
  const { cluster, selected, select, chosen, choose, chooseAll, query, foldAlike, depthMax, direction, colours, mayAct, isPast = false, suffix, act } = props
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const flow = useReactFlow()
  const pane = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const [listed, setListed] = useState<StackListPlace | null>(null)

  const filtered = useMemo(() => litBy(cluster.members, query.trim() === '' ? null : server => matches(server, query)), [cluster.members, query])
  const { branches, placement, toggleReplicas, open, reveal: bringOut } = useFolding({
    members: cluster.members,
    foldAlike,
    depthMax,
    direction,
    hits: filtered?.hits ?? noHits,
    selected,
  })
  const first = branches[0]?.id ?? ''
  const current = focused !== null && placement.boxes.has(focused) ? focused : selected !== null && placement.boxes.has(selected) ? selected : first
  const cards = useMemo(
    () => cardsOf(branches, placement, { current, selected, lit: filtered?.lit ?? null, chosen, colours, nameOf, t }),
    [branches, placement, current, selected, filtered, chosen, colours, nameOf, t],
  )
  const lines = useMemo(() => linesOf(branches, placement), [branches, placement])
  const trees = useMemo(() => treesIn(branches), [branches])

  // The first look, once: React Flow says when its pane can be moved, and there must be something to see.
  const [isReady, setReady] = useState(false)
  const hasOpened = useRef(false)
  useLayoutEffect(() => {
    if (hasOpened.current || !isReady || pane.current === null || placement.boxes.size === 0) return
    hasOpened.current = true
    const worst = cluster.members.filter(isInTrouble).toSorted(compareByTrouble)[0]
    const wanted = selected !== null && placement.boxes.has(selected) ? selected : first
    const screen = { width: pane.current.clientWidth, height: pane.current.clientHeight }
    void flow.setViewport(
      openingView(placement, placement.boxes.get(wanted) ?? null, worst === undefined ? null : (placement.boxes.get(worst.key) ?? null), screen),
    )
  }, [cluster.members, first, flow, isReady, placement, selected])

  const reveal = useCallback(
    (id: string) => {
      const box = placement.boxes.get(id)
      const element = pane.current
      if (box === undefined || element === null) return
      const view = flow.getViewport()
      const left = box.x * view.zoom + view.x
      const top = box.y * view.zoom + view.y
      const isSeen = left >= 0 && top >= 0 && left + box.width * view.zoom <= element.clientWidth && top + box.height * view.zoom <= element.clientHeight
      if (!isSeen) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(view.zoom, 0.7), duration: glideMilliseconds })
    },
    [flow, placement],
  )

  // What is hidden is brought out first, and has the focus as soon as it has a place.
  const wanted = useRef<string | null>(null)
  const focusCard = useCallback(
    (id: string) => {
      if (!placement.boxes.has(id)) {
        wanted.current = id
        bringOut(id)
        return
      }
      setFocused(id)
      reveal(id)
      focusSoon(pane.current, id)
    },
    [bringOut, placement, reveal],
  )
  useEffect(() => {
    const id = wanted.current
    if (id === null || !placement.boxes.has(id)) return
    wanted.current = null
    focusCard(id)
  }, [placement, focusCard])

  const unfold = useCallback(
    (id: string, dragged: readonly string[]) => {
      const branch = walk(branches).find(each => each.id === id)
      if (branch?.kind === 'server' && branch.hidden.length > 0) toggleReplicas(id)
      else if ((branch?.kind === 'stack' || branch?.kind === 'more') && !branch.isOpen && !branch.servers.some(({ key }) => dragged.includes(key))) open(id)
    },
    [branches, open, toggleReplicas],
  )
  const press = useCardDrag({ placement, cluster, nameOf, mayAct, pane, chosen, unfold })
  const actions = useMemo<TreeActions>(
    () => ({
      openMenu: (server, at) => setMenu({ server, at }),
      toggleReplicas,
      open,
      list: (servers, at) => setListed({ keys: new Set(servers.map(({ key }) => key)), at }),
      press,
      suffix,
      mayAct,
      isPast,
    }),
    [press, toggleReplicas, open, suffix, mayAct, isPast],
  )

  // Whatever gave a card the focus, keys mean that card.
  const onFocus = (event: FocusEvent): void => {
    const id = event.target.closest<HTMLElement>('.react-flow__node')?.dataset['id']
    if (id !== undefined) setFocused(id)
  }

  const fitAll = (): void => {
    const element = pane.current
    if (element !== null) void flow.setViewport(fittingView(placement.bounds, { width: element.clientWidth, height: element.clientHeight }), { duration: glideMilliseconds })
  }

  const onKeyDown = (event: KeyboardEvent | globalThis.KeyboardEvent): void => {
    const branch = walk(branches).find(each => each.id === current)
    const server = branch?.kind === 'server' ? branch.server : null
    const handled = treeKey(event, {
      branches,
      current,
      focusCard,
      server,
      stops: (filtered === null ? cluster.members.filter(isInTrouble).toSorted(compareByTrouble) : cluster.members.filter(({ key }) => filtered.hits.includes(key))).map(
        each => each.key,
      ),
      openOrClose: () => {
        if (branch?.kind === 'server') select(selected === current ? null : current)
        else if (branch?.kind === 'stack' || branch?.kind === 'more') open(branch.id)
      },
      close: () => select(null),
      choose: () => {
        if (server !== null && !isPast) choose(server.key)
      },
      zoomIn: () => void flow.zoomIn({ duration: glideMilliseconds }),
      zoomOut: () => void flow.zoomOut({ duration: glideMilliseconds }),
      fit: () => fitAll(),
      toPrimary: () => focusCard(cluster.primary?.key ?? first),
      chooseFurther: id => {
        for (const key of [current, id]) if (cluster.members.some(member => member.key === key)) chooseAll([key])
      },
      toggle: shown => {
        if (branch?.kind === 'stack' || branch?.kind === 'more') {
          if (branch.isOpen !== shown) open(branch.id)
        } else if (branch?.kind === 'server' && (shown ? branch.hidden.length > 0 : branch.children.length > 0)) toggleReplicas(branch.id)
      },
      act: name => {
        if (server !== null && mayAct) act(name, server)
      },
      menu: () => {
        const box = pane.current?.querySelector(`.react-flow__node[data-id="${CSS.escape(current)}"]`)?.getBoundingClientRect()
        if (server !== null && box !== undefined && !isPast) setMenu({ server, at: { x: box.left + 24, y: box.bottom } })
      },
    })
    if (handled) event.preventDefault()
  }

  // These keys mean the tree wherever nothing else has the focus.
  const latestKey = useRef(onKeyDown)
  useEffect(() => {
    latestKey.current = onKeyDown
  })
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.target === document.body && keysAnywhere.has(event.key)) latestKey.current(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  // React Flow calls itself an application; what it shows here is a tree, and its cards are tree items.
  const asTree = useCallback((element: HTMLDivElement | null) => {
    element?.setAttribute('role', 'tree')
  }, [])

  return (
    <TreeContext value={actions}>
      {/* The tree items inside take the focus; the pane only hears their keys. */}
      <div className="tree-pane" ref={pane} tabIndex={-1} onKeyDown={onKeyDown} onFocus={onFocus}>
        <ReactFlow<Card>
          ref={asTree}
          aria-label={t('cluster.treeLabel', { cluster: cluster.alias || cluster.name })}
          nodes={cards}
          edges={lines}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements={cards.length > wholeMax}
          minZoom={0.04}
          maxZoom={1.6}
          noPanClassName={window.matchMedia('(pointer: coarse)').matches ? 'never' : 'react-flow__node'}
          onInit={() => setReady(true)}
          proOptions={{ hideAttribution: true }}
          onNodeClick={(event, node) => {
            if (node.type === 'frame') return
            setFocused(node.id)
            if (node.type !== 'server') return
            if (!isPast && (event.ctrlKey || event.metaKey || event.shiftKey)) choose(node.id)
            else select(node.id)
          }}
          onNodeContextMenu={(event, node) => {
            event.preventDefault()
            if (node.type === 'server' && !isPast) setMenu({ server: node.data.server, at: { x: event.clientX, y: event.clientY } })
          }}
          onPaneClick={() => select(null)}
        />
        {/* The head of an arrow, for lines that have one. */}
        <svg className="visually-hidden" aria-hidden>
          <defs>
            <marker id="link-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="5" markerHeight="5" orient="auto-start-reverse">
              <path className="link-arrow" d="M0,0 L10,5 L0,10 Z" />
            </marker>
          </defs>
        </svg>
        {trees > 1 ? (
          <p className="tree-note">
            <IconAlertTriangle size={14} aria-hidden />
            {t('cluster.several', { count: trees })}
          </p>
        ) : null}
        {isPast ? null : <Marquee pane={pane} boxes={placement.boxes} choose={chooseAll} />}
        {listed === null ? null : (
          <StackList
            place={listed}
            servers={cluster.members.filter(({ key }) => listed.keys.has(key))}
            press={press}
            pick={key => {
              setListed(null)
              focusCard(key)
              select(key)
            }}
            onClose={() => setListed(null)}
          />
        )}
        {cards.length > mapFrom ? <MiniMap pannable zoomable ariaLabel="" className="tree-map" nodeClassName={node => `map-${mapTone(node as Card)}`} /> : null}
        <DragPill />
        {menu === null ? null : <ServerMenu place={menu} cluster={cluster} onClose={() => setMenu(null)} />}
      </div>
    </TreeContext>
  )
}

const mapTone = (node: Card): string => (node.type === 'server' ? (node.data.server.statuses[0]?.severity ?? 'stale') : 'stale')
