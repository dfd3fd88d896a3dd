import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryView } from '../../../../../src/contract/history.ts'
import { clock, clockMinutes, duration } from '../../../words/format.ts'
import { columnsOf, type Frame, gapsOf, momentAt, placeIn } from './moments.ts'

const columnsMax = 240
/** Page keys move by so much of what is shown. */
const pageStep = 1 / 20

/** A line of time with a bar wherever something changed. Arrows go from change to change, since no step in time would suit both an hour and a week. */
export function TimeSlider({
  history,
  frame,
  at,
  compared,
  choose,
  step,
}: {
  readonly history: HistoryView
  readonly frame: Frame
  readonly at: number
  readonly compared: number | null
  readonly choose: (at: number) => void
  readonly step: (to: 'previous' | 'next') => void
}) {
  const { t } = useTranslation()
  const track = useRef<HTMLDivElement>(null)
  const columns = columnsOf(history.marks, frame, columnsMax)
  const tallest = Math.max(1, ...columns.map(({ changes }) => changes))
  // Where minutes do not tell the ends apart, seconds do.
  const label = frame.to - frame.from < 600_000 ? clock : clockMinutes
  const follow = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect()
    if (box !== undefined && box.width > 0) choose(momentAt(frame, (event.clientX - box.left) / box.width))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = (frame.to - frame.from) * pageStep
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => step('previous'),
      ArrowDown: () => step('previous'),
      ArrowRight: () => step('next'),
      ArrowUp: () => step('next'),
      PageUp: () => choose(Math.min(frame.to, at + page)),
      PageDown: () => choose(Math.max(frame.from, at - page)),
      Home: () => choose(frame.from),
      End: () => choose(frame.to),
    }
    const act = acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <div className="time-slider">
      <div
        ref={track}
        className="time-track"
        role="slider"
        tabIndex={0}
        aria-label={t('past.slider')}
        aria-valuemin={frame.from}
        aria-valuemax={frame.to}
        aria-valuenow={at}
        aria-valuetext={t('past.sliderValue', { time: clock(at), ago: duration((history.now - at) / 1000) })}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          follow(event)
        }}
        onPointerMove={event => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event)
        }}
      >
        {gapsOf(history, frame).map(gap => (
          <span key={gap.from} className="time-gap" title={t('past.legendGap')} style={{ left: percent(gap.from), width: percent(gap.to - gap.from) }} />
        ))}
        {columns.map(column => (
          <span
            key={column.place}
            className={column.isFailure ? 'time-mark is-failure' : 'time-mark'}
            style={{ left: percent(column.place), height: `${8 + 16 * Math.sqrt(column.changes / tallest)}px` }}
          />
        ))}
        {compared === null ? null : (
          <span
            className="time-compared"
            style={{ left: percent(placeIn(frame, Math.min(at, compared))), width: percent(Math.abs(placeIn(frame, at) - placeIn(frame, compared))) }}
          />
        )}
        <span className="time-thumb" style={{ left: percent(placeIn(frame, at)) }} />
      </div>
      <div className="time-scale" aria-hidden>
        {[0, 0.5, 1].map(place => (
          <span key={place}>{label(momentAt(frame, place), history.now)}</span>
        ))}
      </div>
    </div>
  )
}

const percent = (place: number): string => `${(place * 100).toFixed(2)}%`
