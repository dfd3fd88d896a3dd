import { ActionIcon, Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext, IconPlayerTrackPrev } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryView } from '../../../../../src/contract/history.ts'
import { CopyButton } from '../../../ui/copy.tsx'
import { usePreference } from '../../../ui/preferences.ts'
import { duration, number } from '../../../words/format.ts'
import { fieldMoment, fieldText, frameOf, next, previous } from './moments.ts'
import { TimeSlider } from './time-slider.tsx'

const hour = 3_600_000
const widths: readonly (number | null)[] = [hour, 6 * hour, 24 * hour, null]
/** From change to change while it plays. */
const playMilliseconds = 1500

/** Which moment is shown: a slider, steps from change to change, a field for date and time. */
export function TimeControls({
  history,
  at,
  compared,
  choose,
  back,
}: {
  readonly history: HistoryView
  readonly at: number
  readonly compared: number | null
  readonly choose: (at: number) => void
  readonly back: () => void
}) {
  const { t } = useTranslation()
  const zone = usePreference('timeZone')
  const [width, setWidth] = useState<number | null>(() => startWidth(history, at))
  const [isPlaying, setPlaying] = useState(false)
  const frame = frameOf(history, width, at)
  const [later, earlier] = [next(history.marks, at), previous(history.marks, at)]
  useEffect(() => {
    if (!isPlaying) return
    if (later === null) return setPlaying(false)
    const timer = setTimeout(() => choose(later), playMilliseconds)
    return () => clearTimeout(timer)
  }, [choose, isPlaying, later])
  const go = (moment: number | null): void => {
    setPlaying(false)
    if (moment !== null) choose(moment)
  }
  const button = { variant: 'default', size: 30 } as const
  return (
    <div className="time-controls">
      <div className="time-buttons">
        <ActionIcon {...button} aria-label={t('past.previous')} title={t('past.previous')} disabled={earlier === null} onClick={() => go(earlier)}>
          <IconPlayerTrackPrev size={16} />
        </ActionIcon>
        <ActionIcon
          {...button}
          aria-label={isPlaying ? t('past.pause') : t('past.play')}
          title={isPlaying ? t('past.pause') : t('past.play')}
          disabled={later === null && !isPlaying}
          onClick={() => setPlaying(!isPlaying)}
        >
          {isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        </ActionIcon>
        <ActionIcon {...button} aria-label={t('past.next')} title={t('past.next')} disabled={later === null} onClick={() => go(later)}>
          <IconPlayerTrackNext size={16} />
        </ActionIcon>
        <input
          className="time-field"
          type="datetime-local"
          step={1}
          aria-label={t('past.field')}
          value={fieldText(at, zone)}
          max={fieldText(history.now, zone)}
          onChange={event => {
            const moment = fieldMoment(event.currentTarget.value, zone)
            if (moment !== null) go(Math.min(moment, Date.now()))
          }}
        />
        <div className="segmented" role="group" aria-label={t('past.window')}>
          {widths.map(each => (
            <button key={each ?? 'all'} type="button" aria-pressed={width === each} onClick={() => setWidth(each)}>
              {each === null ? t('past.all') : each === hour ? t('past.hour') : each === 24 * hour ? t('past.day') : t('past.hours', { count: each / hour })}
            </button>
          ))}
        </div>
        <span className="grow" />
        <CopyButton text={window.location.href} label={t('past.copyLink')} />
        <Button size="xs" onClick={back}>
          {t('past.now')}
        </Button>
      </div>
      <TimeSlider history={history} frame={frame} at={at} compared={compared} choose={go} step={to => go(to === 'next' ? later : earlier)} />
      <p className="time-legend dim">
        <span className="legend-mark">{t('past.legendChange')}</span>
        <span className="legend-mark is-failure">{t('past.legendFailure')}</span>
        <span className="legend-mark is-gap">{t('past.legendGap')}</span>
        <span className="grow" />
        <Kept history={history} />
      </p>
    </div>
  )
}

/** The narrowest that shows the moment and some change. */
function startWidth(history: HistoryView, at: number): number | null {
  return widths.find(width => width !== null && at >= history.now - width && history.marks.some(mark => mark.at >= history.now - width)) ?? null
}

function Kept({ history }: { readonly history: HistoryView }) {
  const { t } = useTranslation()
  if (history.from === null) return null
  const max = sizeWords(history.bytesMax, t)
  return (
    <span title={t('past.keptTitle', { days: history.days, max })}>
      {t('past.kept', { time: duration((history.now - history.from) / 1000), size: sizeWords(history.bytes, t), max })}
    </span>
  )
}

const sizeWords = (bytes: number, t: TFunction): string =>
  bytes < 1_000_000 ? t('past.kilobytes', { amount: number(Math.ceil(bytes / 1000)) }) : t('past.megabytes', { amount: number(Math.round(bytes / 100_000) / 10) })
