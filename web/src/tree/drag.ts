import i18next from 'i18next'
import type { ClusterView, ServerView, TargetView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { failureText, tellFailure } from '../actions/run.ts'
import { takeOverAct } from '../drawing/overlay.ts'
import { holdStill } from '../live/live.ts'
import { makeStore } from '../ui/store.ts'

/** What is being dragged, what the server says about every target, and where the pointer is. */
export interface Drag {
  readonly servers: readonly string[]
  /** All replicas of this one, taken by its grip; null: the servers themselves. */
  readonly replicasOf: string | null
  /** Cards that are no target. */
  readonly excluded: readonly string[]
  readonly targets: readonly TargetView[] | null
  readonly pointer: { readonly x: number; readonly y: number }
  readonly over: { readonly card: string; readonly zone: 'move' | 'take-over' } | null
}

interface DragState {
  readonly drag: Drag | null
}

/** A press becomes a drag after this many pixels. */
export const dragAfterPixels = 6

export const dragging = makeStore<DragState>({ drag: null })

let release: () => void = () => undefined

/** Begins a drag: the view holds still, and the server is asked once for every target. */
export function beginDrag({ servers, replicasOf }: Pick<Drag, 'servers' | 'replicasOf'>, pointer: Drag['pointer'], cluster: ClusterView): void {
  release()
  release = holdStill()
  dragging.set({ drag: { servers, replicasOf, excluded: replicasOf === null ? servers : [replicasOf], targets: null, pointer, over: null } })
  const asked = replicasOf === null ? client.targets(servers) : client.targetsOfReplicas(replicasOf)
  Promise.all([asked, import('../actions/menu.ts')]).then(
    ([targets, { acts }]) => {
      const mayTakeOver = (server: ServerView): boolean => acts.find(act => act.name === 'takeover')?.whyNot(server, cluster) === null
      updateDrag(drag => (drag.servers === servers ? { ...drag, targets: replicasOf === null ? withTakeOver(targets, servers, cluster, mayTakeOver) : targets } : drag))
    },
    (error: unknown) => {
      endDrag()
      tellFailure(i18next.t('drag.refusedTitle'), i18next.t('drag.failed', { text: failureText(error) }))
    },
  )
}

export function updateDrag(change: (drag: Drag) => Drag): void {
  dragging.set(state => {
    if (state.drag === null) return state
    const next = change(state.drag)
    return next === state.drag ? state : { drag: next }
  })
}

export function endDrag(): void {
  dragging.set({ drag: null })
  release()
  release = () => undefined
}

/** A direct replica dragged onto its primary may also take its place: the second, labelled zone, which only opens the takeover dialog. */
function withTakeOver(targets: readonly TargetView[], servers: readonly string[], cluster: ClusterView, mayTakeOver: (server: ServerView) => boolean): readonly TargetView[] {
  const server = servers.length > 1 ? undefined : cluster.members.find(member => member.key === servers[0])
  if (server === undefined || !mayTakeOver(server) || cluster.primary === null || targets.some(target => target.act === takeOverAct)) return targets
  return [
    ...targets,
    {
      target: cluster.primary.key,
      verdict: 'possible',
      act: takeOverAct,
      says: { code: takeOverAct, parameters: {}, text: '' },
      warnings: [],
      steps: 0,
      method: 'gtid',
    },
  ]
}
