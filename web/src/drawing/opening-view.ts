import type { Box, Placement } from './place.ts'

export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

interface Screen {
  readonly width: number
  readonly height: number
}

const margin = 28
/** The smallest letters of a card are of 12 px: they are no smaller when it opens. */
const readableZoomMin = 1

/**
 * Where the drawing stands when it is opened: everything at full size if it fits; else the first root near the edge that it grows from, at readable size,
 * shifted towards the worst problem as far as the root stays in view.
 */
export function openingView({ bounds, direction }: Pick<Placement, 'bounds' | 'direction'>, root: Box | null, worst: Box | null, screen: Screen): Viewport {
  const fitting = Math.min((screen.width - 2 * margin) / bounds.width, (screen.height - 2 * margin) / bounds.height, 1)
  if (fitting >= readableZoomMin || root === null) {
    const zoom = Math.max(fitting, 0.05)
    const free = screen.height - bounds.height * zoom
    return { x: margin - bounds.x * zoom, y: Math.max(margin, Math.min(free / 2, margin * 3)) - bounds.y * zoom, zoom }
  }
  const zoom = readableZoomMin
  const near = (box: Box, length: number, at: 'x' | 'y', size: 'width' | 'height'): number => {
    const middle = box[at] + box[size] / 2
    const wanted = worst === null ? middle : (middle + worst[at] + worst[size] / 2) / 2
    const reach = Math.max(0, length / zoom / 2 - box[size])
    return length / 2 - Math.min(Math.max(wanted, middle - reach), middle + reach) * zoom
  }
  return direction === 'right'
    ? { x: margin - root.x * zoom, y: near(root, screen.height, 'y', 'height'), zoom }
    : { x: near(root, screen.width, 'x', 'width'), y: margin - root.y * zoom, zoom }
}

/** The whole drawing, as large as it goes in. */
export function fittingView(bounds: Box, screen: Screen): Viewport {
  const zoom = Math.max(0.04, Math.min((screen.width - 2 * margin) / Math.max(bounds.width, 1), (screen.height - 2 * margin) / Math.max(bounds.height, 1), 1))
  return { x: (screen.width - bounds.width * zoom) / 2 - bounds.x * zoom, y: (screen.height - bounds.height * zoom) / 2 - bounds.y * zoom, zoom }
}
