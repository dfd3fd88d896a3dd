/** Sizes of what is drawn, in drawing units (1 at zoom 1). They never depend on content, so positions never jump. */
export const cardWidth = 260
export const cardHeight = 92
export const gapAcross = 128
export const gapDown = 18
/** Between levels and between siblings where replicas stand below their source. */
export const gapLevels = 64
export const gapSide = 26

/** Below these zooms a card shows less: name and status only, then the status icon only. */
export const rowBelowZoom = 0.62
export const tileBelowZoom = 0.3

export type Detail = 'card' | 'row' | 'tile'
export const detailAt = (zoom: number): Detail => (zoom < tileBelowZoom ? 'tile' : zoom < rowBelowZoom ? 'row' : 'card')
