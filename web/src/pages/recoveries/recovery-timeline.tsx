import { IconCircleX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoveryView } from '../../../../src/contract/views.ts'
import { useNameOf } from '../../instance/names.ts'
import { useNow } from '../../ui/now.ts'
import { clockMilliseconds, shortDuration } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { axisTicks, stageBars, type StageBar } from './timeline.ts'

/** Each stage as a bar on one axis: what took the time is wide, what failed is marked. Each opens to its steps. */
export function RecoveryTimeline({ recovery }: { readonly recovery: RecoveryView }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const now = useNow()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const bars = stageBars(recovery.steps, recovery.startedAt, recovery.endedAt, now)
  // Hooks may go on after the recovery itself has ended.
  const start = recovery.startedAt
  const end = Math.max(recovery.endedAt ?? now, start + 1, ...bars.flatMap(bar => bar.spans.map(span => span.to)))
  const length = end - start
  const percent = (at: number): number => ((at - start) / length) * 100
  const toggle = (stage: string): void => {
    const next = new Set(open)
    if (!next.delete(stage)) next.add(stage)
    setOpen(next)
  }
  return (
    <figure className="timeline" aria-label={t('recovery.timeline')}>
      <div className="timeline-axis" aria-hidden>
        {axisTicks(length).map(tick => (
          <span key={tick} style={{ left: `${(tick / length) * 100}%` }}>
            {shortDuration(tick)}
          </span>
        ))}
      </div>
      <ul>
        <li className="timeline-whole">
          <span className="timeline-name">{t('recovery.whole')}</span>
          <span className="timeline-track">
            <span className="timeline-bar" style={{ left: 0, width: '100%' }} />
          </span>
          <span className="timeline-took">{shortDuration(length)}</span>
        </li>
        {bars.map(bar => (
          <li key={bar.stage} className={bar.failed > 0 ? 'has-failed' : undefined}>
            <button type="button" className="timeline-row" aria-expanded={open.has(bar.stage)} onClick={() => toggle(bar.stage)}>
              <span className="timeline-name">
                {bar.failed > 0 ? <IconCircleX size={15} className="ink-critical" aria-label={t('recovery.outcomes.failed')} /> : null}
                <span className="timeline-words">{words.stage(bar.stage)}</span>
                {bar.attempts > 1 ? <span className="dim">⟲ {t('recovery.attempts', { count: bar.attempts })}</span> : null}
              </span>
              <span className="timeline-track">
                {bar.spans.map(span => (
                  <span
                    key={span.from}
                    className={bar.isOpen && span === bar.spans.at(-1) ? 'timeline-bar is-open' : 'timeline-bar'}
                    style={{ left: `${percent(span.from)}%`, width: `${percent(span.to) - percent(span.from)}%` }}
                  />
                ))}
              </span>
              <span className="timeline-took">{shortDuration(bar.tookMilliseconds)}</span>
            </button>
            {open.has(bar.stage) ? <Steps bar={bar} /> : null}
          </li>
        ))}
      </ul>
      <figcaption className="dim">{t('recovery.shown')}</figcaption>
    </figure>
  )
}

function Steps({ bar }: { readonly bar: StageBar }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const nameOf = useNameOf()
  return (
    <ul className="timeline-steps">
      {bar.steps.map(step => (
        <li key={step.id} className={step.outcome === 'failed' ? 'ink-critical' : undefined}>
          <span className="mono">{clockMilliseconds(step.at)}</span>
          {step.server === null ? null : <span className="mono">{nameOf(step.server)}</span>}
          <span>{words.message(step.message)}</span>
          {step.outcome === 'failed' ? <strong>{t('recovery.outcomes.failed')}</strong> : null}
          {step.durationMilliseconds === null ? null : <span className="dim">{shortDuration(step.durationMilliseconds)}</span>}
        </li>
      ))}
    </ul>
  )
}
