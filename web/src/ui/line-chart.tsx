import { type PointerEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clock, duration } from '../words/format.ts'
import { type ChartPoint, linePath, niceTop } from './line-path.ts'

export interface ChartLine {
  readonly name: string
  readonly points: readonly ChartPoint[]
}

/** A small chart of the last hour: the last line is the main one. What it says is also its accessible name; the value below the pointer is told in words. */
export function LineChart({ title, lines, from, to, every, show }: {
  readonly title: string
  readonly lines: readonly ChartLine[]
  readonly from: number
  readonly to: number
  /** Milliseconds between two points. */
  readonly every: number
  readonly show: (value: number) => string
}) {
  const { t } = useTranslation()
  const [pointed, setPointed] = useState<number | null>(null)
  const main = lines.at(-1)?.points ?? []
  const measured = lines.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []))
  const most = measured.length === 0 ? null : Math.max(...measured)
  const top = niceTop(most ?? 0)
  const last = main.at(-1)?.value ?? null
  const words = (value: number | null): string => (value === null ? t('statusWork.chartNothing') : show(value))
  const frame = { from, to, top, width, height }
  const at = pointed === null ? undefined : nearest(main, pointed)
  const onMove = (event: PointerEvent<HTMLElement>): void => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect()
    setPointed(from + ((event.clientX - left) / wide) * (to - from))
  }
  return (
    <figure className="line-chart">
      <figcaption>
        <span>{title}</span>
        <span className="dim" aria-hidden>
          {at === undefined ? t('statusWork.chartNow', { value: words(last) }) : t('statusWork.chartAt', { at: clock(at.at), value: valuesAt(lines, at.at, words) })}
        </span>
      </figcaption>
      <div className="line-chart-plot" role="img" aria-label={t('statusWork.chartSays', { title, now: words(last), most: words(most) })} onPointerMove={onMove} onPointerLeave={() => setPointed(null)}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
          <line x1={0} x2={width} y1={height / 2} y2={height / 2} className="line-chart-rule" />
          {lines.map(({ name, points }, index) => (
            <path key={name} d={linePath(points, frame, every * 2.5)} className={index === lines.length - 1 ? 'line-chart-line' : 'line-chart-line is-second'} />
          ))}
          {at === undefined ? null : <line x1={xOf(at.at, from, to)} x2={xOf(at.at, from, to)} y1={0} y2={height} className="line-chart-pointed" />}
        </svg>
        <span className="line-chart-top" aria-hidden>
          {show(top)}
        </span>
      </div>
      <div className="line-chart-foot dim" aria-hidden>
        <span>{t('time.ago', { time: duration((to - from) / 1000) })}</span>
        {lines.length < 2 ? null : (
          <span className="line-chart-names">
            {lines.map(({ name }, index) => (
              <span key={name} className={index === lines.length - 1 ? 'is-main' : 'is-second'}>
                {name}
              </span>
            ))}
          </span>
        )}
        <span>{t('statusWork.present')}</span>
      </div>
    </figure>
  )
}

const [width, height] = [240, 64]
const xOf = (at: number, from: number, to: number): number => ((at - from) / (to - from)) * width

const nearest = (points: readonly ChartPoint[], at: number): ChartPoint | undefined =>
  points.reduce<ChartPoint | undefined>((best, point) => (best === undefined || Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best), undefined)

const valuesAt = (lines: readonly ChartLine[], at: number, words: (value: number | null) => string): string =>
  lines.map(({ points }) => words(points.find(point => point.at === at)?.value ?? null)).join(' · ')
