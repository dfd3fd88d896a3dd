import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Box } from '../drawing/place.ts'

interface Corners {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

/** A drag smaller than this is a click. */
const dragMinPixels = 6

/** With Shift held, a drag over the empty pane draws a frame; the cards that it touches are chosen. */
export function Marquee({ pane, boxes, choose }: { readonly pane: RefObject<HTMLElement | null>; readonly boxes: ReadonlyMap<string, Box>; readonly choose: (keys: readonly string[]) => void }) {
  const flow = useReactFlow()
  const [corners, setCorners] = useState<Corners | null>(null)
  const latest = useRef({ boxes, choose })
  useEffect(() => {
    latest.current = { boxes, choose }
  })

  useEffect(() => {
    const element = pane.current
    if (element === null) return undefined
    let stop: () => void = () => undefined
    const begin = (event: PointerEvent): void => {
      const target = event.target instanceof Element ? event.target : null
      if (!event.shiftKey || event.button !== 0 || target === null || target.closest('.react-flow__pane') === null || target.closest('.react-flow__node') !== null) return
      event.preventDefault()
      event.stopPropagation()
      const from = { x: event.clientX, y: event.clientY }
      let to = from
      const move = (moved: PointerEvent): void => {
        to = { x: moved.clientX, y: moved.clientY }
        setCorners({ from, to })
      }
      const end = (): void => {
        stop()
        if (Math.hypot(to.x - from.x, to.y - from.y) < dragMinPixels) return
        // The click that follows is the end of the drag.
        const swallow = (click: MouseEvent): void => click.stopPropagation()
        window.addEventListener('click', swallow, { capture: true, once: true })
        setTimeout(() => window.removeEventListener('click', swallow, true), 0)
        latest.current.choose(touched(latest.current.boxes, flow.screenToFlowPosition(from), flow.screenToFlowPosition(to)))
      }
      const giveUp = (key: KeyboardEvent): void => {
        if (key.key === 'Escape') stop()
      }
      stop = () => {
        window.removeEventListener('pointermove', move)
        window.removeEventListener('pointerup', end)
        window.removeEventListener('pointercancel', stop)
        window.removeEventListener('keydown', giveUp, true)
        setCorners(null)
        stop = () => undefined
      }
      window.addEventListener('pointermove', move)
      window.addEventListener('pointerup', end)
      window.addEventListener('pointercancel', stop)
      window.addEventListener('keydown', giveUp, true)
    }
    element.addEventListener('pointerdown', begin, true)
    return () => {
      element.removeEventListener('pointerdown', begin, true)
      stop()
    }
  }, [pane, flow])

  if (corners === null || pane.current === null) return null
  const place = pane.current.getBoundingClientRect()
  const { from, to } = corners
  return (
    <div
      className="marquee"
      style={{ left: Math.min(from.x, to.x) - place.left, top: Math.min(from.y, to.y) - place.top, width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) }}
    />
  )
}

function touched(boxes: ReadonlyMap<string, Box>, one: Corners['from'], other: Corners['from']): readonly string[] {
  const [left, right] = [Math.min(one.x, other.x), Math.max(one.x, other.x)]
  const [top, bottom] = [Math.min(one.y, other.y), Math.max(one.y, other.y)]
  return [...boxes].flatMap(([id, box]) => (box.x < right && left < box.x + box.width && box.y < bottom && top < box.y + box.height ? [id] : []))
}
