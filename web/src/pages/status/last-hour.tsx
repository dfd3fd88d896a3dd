import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { StatusSample } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { LineChart } from '../../ui/line-chart.tsx'
import { Failure } from '../../ui/page-state.tsx'
import { duration, number, shortDuration } from '../../words/format.ts'
import { megabytes } from './megabytes.ts'

const hourMilliseconds = 3_600_000
/** A program that is young has its few points drawn over as much time as it has, and over so much at least. */
const leastMilliseconds = 300_000

/** What this manager had to do in the last hour, and how long it took: drawn small, each with its worst value. */
export function LastHour() {
  const { t } = useTranslation()
  const hour = useQuery(queries.statusHour)
  if (hour.isError && hour.data === undefined) return <Failure error={hour.error} retry={() => void hour.refetch()} />
  if (hour.data === undefined) return null
  const { node, samples, everyMilliseconds: every } = hour.data
  const to = samples.at(-1)?.at ?? Date.now()
  const points = (of: (sample: StatusSample) => number | null) => samples.map(sample => ({ at: sample.at, value: of(sample) }))
  const from = Math.max(to - hourMilliseconds, Math.min(samples[0]?.at ?? to, to - leastMilliseconds))
  const common = { from, to, every }
  const tenths = (value: number): string => number(Math.round(value * 10) / 10)
  return (
    <section className="last-hour" aria-labelledby="last-hour-title">
      <h2 id="last-hour-title">{t('statusWork.hour', { node })}</h2>
      <p className="dim">{samples.length < 2 ? t('statusWork.hourYoung', { time: duration((2 * every) / 1000) }) : t('statusWork.hourText')}</p>
      {samples.length < 2 ? null : (
        <div className="chart-grid">
          <LineChart {...common} title={t('statusWork.chartWaiting')} show={tenths} lines={[{ name: '', points: points(sample => sample.waiting) }]} />
          <LineChart
            {...common}
            title={t('statusWork.chartReading')}
            show={shortDuration}
            lines={[
              { name: t('statusWork.p95'), points: points(sample => sample.readingMillisecondsP95) },
              { name: t('statusWork.median'), points: points(sample => sample.readingMillisecondsMedian) },
            ]}
          />
          <LineChart {...common} title={t('statusWork.chartFailed')} show={tenths} lines={[{ name: '', points: points(sample => sample.failedReadings) }]} />
          <LineChart {...common} title={t('statusWork.chartWrites')} show={tenths} lines={[{ name: '', points: points(sample => sample.writesPerSecond) }]} />
          <LineChart {...common} title={t('statusWork.chartWriteTime')} show={shortDuration} lines={[{ name: '', points: points(sample => sample.writeMillisecondsP95) }]} />
          <LineChart {...common} title={t('statusWork.chartMemory')} show={value => megabytes(t, value)} lines={[{ name: '', points: points(sample => sample.memoryBytes) }]} />
        </div>
      )}
    </section>
  )
}
