/** One point of a line: a moment, and a value; null where there was nothing to measure. */
export interface ChartPoint {
  readonly at: number
  readonly value: number | null
}

export interface ChartFrame {
  readonly from: number
  readonly to: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * The points as the `d` of an SVG path. Where nothing was measured, or for longer than `gap` no point was made, the line is interrupted: it never claims
 * what nobody saw. A point that stands alone is drawn as a short stroke.
 */
export function linePath(points: readonly ChartPoint[], { from, to, top, width, height }: ChartFrame, gap: number): string {
  const x = (at: number): number => round(((at - from) / (to - from)) * width)
  const y = (value: number): number => round(height - (top === 0 ? 0 : (value / top) * height))
  const pieces: string[] = []
  let before: number | null = null
  for (const { at, value } of points) {
    if (value === null || at < from || at > to) {
      before = null
      continue
    }
    const isJoined = before !== null && at - before <= gap
    pieces.push(isJoined ? `L${x(at)} ${y(value)}` : `M${x(at)} ${y(value)}h0.01`)
    before = at
  }
  return pieces.join('')
}

const round = (value: number): number => Math.round(value * 100) / 100

/** The next value of 1, 2, 5, 10, 20, 50 … that is not below: what an axis ends with. */
export function niceTop(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1, 2, 5, 10].find(each => each * power >= most - most * 1e-9) ?? 10
  return step * power
}
