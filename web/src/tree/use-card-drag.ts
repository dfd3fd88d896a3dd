import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from 'react'
import type { ClusterView } from '../../../src/contract/views.ts'
import { cardAt, verdictOn } from '../drawing/overlay.ts'
import type { Placement } from '../drawing/place.ts'
import { beginDrag, type Drag, dragAfterPixels, dragging, endDrag, updateDrag } from './drag.ts'

/** The second zone of a primary is its lowest part, so that it must be entered on purpose. */
const takeOverFrom = 0.66
const scrollMarginPixels = 48
const scrollStepPixels = 12
/** What is hidden below a card is shown when the pointer stays on it for so long. */
const unfoldAfterMilliseconds = 700

interface Options {
  readonly placement: Placement
  readonly cluster: ClusterView
  readonly nameOf: (key: string) => string
  readonly mayAct: boolean
  /** One of them takes the others along. */
  readonly chosen: ReadonlySet<string>
  readonly pane: RefObject<HTMLElement | null>
  /** Shows the replicas of a server, where they are hidden. */
  readonly unfold: (id: string, dragged: readonly string[]) => void
}

/** Dragging by pointer: press, move a little, hover, drop; Esc gives up. Answers what cards call when they are pressed. */
export function useCardDrag(options: Options): (pressed: Pick<Drag, 'servers' | 'replicasOf'>, event: ReactPointerEvent) => void {
  const flow = useReactFlow()
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  useEffect(() => endDrag, [])

  return useCallback(
    (pressed, event) => {
      // By touch a card is moved by its menu: a finger that drags pans the view.
      if (event.button !== 0 || event.pointerType === 'touch' || !latest.current.mayAct) return
      const { chosen } = latest.current
      const together = pressed.replicasOf === null && chosen.size > 1 && pressed.servers.every(key => chosen.has(key))
      const lifted = together ? { ...pressed, servers: [...chosen] } : pressed
      const start = { x: event.clientX, y: event.clientY }
      let pointer = start
      let begun = false
      let scrolling: ReturnType<typeof setInterval> | null = null
      let stayed: { readonly id: string; readonly timer: ReturnType<typeof setTimeout> } | null = null
      const stayOn = (id: string | null): void => {
        if (stayed?.id === id) return
        if (stayed !== null) clearTimeout(stayed.timer)
        stayed = id === null ? null : { id, timer: setTimeout(() => latest.current.unfold(id, lifted.servers), unfoldAfterMilliseconds) }
      }

      const look = (): void => {
        const point = flow.screenToFlowPosition(pointer)
        const hit = cardAt(latest.current.placement.boxes, point)
        stayOn(hit?.id ?? null)
        updateDrag(drag => {
          const takeOver = hit === null ? null : verdictOn(hit.id, drag.excluded, drag.targets).takeOver
          const over =
            hit === null || drag.excluded.includes(hit.id)
              ? null
              : { card: hit.id, zone: takeOver !== null && hit.down > takeOverFrom ? ('take-over' as const) : ('move' as const) }
          return { ...drag, pointer, over }
        })
      }
      const scroll = (): void => {
        const box = latest.current.pane.current?.getBoundingClientRect()
        if (box === undefined) return
        const toward = (at: number, low: number, high: number): number =>
          at < low + scrollMarginPixels ? scrollStepPixels : at > high - scrollMarginPixels ? -scrollStepPixels : 0
        const x = toward(pointer.x, box.left, box.right)
        const y = toward(pointer.y, box.top, box.bottom)
        if (x === 0 && y === 0) return
        const view = flow.getViewport()
        void flow.setViewport({ ...view, x: view.x + x, y: view.y + y })
        look()
      }
      const move = (moved: PointerEvent): void => {
        pointer = { x: moved.clientX, y: moved.clientY }
        if (!begun) {
          if (Math.hypot(pointer.x - start.x, pointer.y - start.y) < dragAfterPixels) return
          begun = true
          beginDrag(lifted, pointer, latest.current.cluster)
          scrolling = setInterval(scroll, 30)
        }
        look()
      }
      const stop = (): void => {
        window.removeEventListener('pointermove', move)
        window.removeEventListener('pointerup', drop)
        window.removeEventListener('pointercancel', giveUp)
        window.removeEventListener('keydown', onKey, true)
        if (scrolling !== null) clearInterval(scrolling)
        stayOn(null)
      }
      const giveUp = (): void => {
        stop()
        endDrag()
      }
      const onKey = (key: KeyboardEvent): void => {
        if (key.key !== 'Escape') return
        key.stopPropagation()
        giveUp()
      }
      const drop = (): void => {
        stop()
        if (!begun) return
        // The click that follows a drop is not a click on the card; when none follows, the next one is meant.
        const swallow = (click: MouseEvent): void => click.stopPropagation()
        window.addEventListener('click', swallow, { capture: true, once: true })
        setTimeout(() => window.removeEventListener('click', swallow, true), 0)
        const { drag } = dragging.get()
        endDrag()
        if (drag !== null) void import('./finish-drag.ts').then(({ finishDrag }) => finishDrag(drag, latest.current))
      }
      window.addEventListener('pointermove', move)
      window.addEventListener('pointerup', drop)
      window.addEventListener('pointercancel', giveUp)
      window.addEventListener('keydown', onKey, true)
    },
    [flow],
  )
}
