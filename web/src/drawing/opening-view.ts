import type { Box } from './place.ts'

export interface Viewport {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

const margin = 28
/** At this zoom 13 px type is still 12 px and more. */
const readableZoomMin = 0.93

/**
 * Where the drawing stands when it is opened: everything at full size if it fits; else the first root left of centre at readable size,
 * shifted towards the worst problem as far as the root stays in view.
 */
export function openingView(bounds: Box, root: Box | null, worst: Box | null, screen: { readonly width: number; readonly height: number }): Viewport {
  const fitting = Math.min((screen.width - 2 * margin) / bounds.width, (screen.height - 2 * margin) / bounds.height, 1)
  if (fitting >= readableZoomMin || root === null) {
    const zoom = Math.max(fitting, 0.05)
    const free = screen.height - bounds.height * zoom
    return { x: margin, y: Math.max(margin, Math.min(free / 2, margin * 3)) - bounds.y * zoom, zoom }
  }
  const zoom = readableZoomMin
  const middle = root.y + root.height / 2
  const wanted = worst === null ? middle : (middle + worst.y + worst.height / 2) / 2
  const reach = screen.height / zoom / 2 - root.height
  const centre = Math.min(Math.max(wanted, middle - reach), middle + reach)
  return { x: margin - root.x * zoom, y: screen.height / 2 - centre * zoom, zoom }
}

/** The whole drawing, as large as it goes in. */
export function fittingView(bounds: Box, screen: { readonly width: number; readonly height: number }): Viewport {
  const zoom = Math.max(0.04, Math.min((screen.width - 2 * margin) / Math.max(bounds.width, 1), (screen.height - 2 * margin) / Math.max(bounds.height, 1), 1))
  return { x: (screen.width - bounds.width * zoom) / 2 - bounds.x * zoom, y: (screen.height - bounds.height * zoom) / 2 - bounds.y * zoom, zoom }
}
