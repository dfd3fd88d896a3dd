import type { Cycle } from './cycle.ts'

const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? Number.NaN
}
const round = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(0))

/** A table with one line for each fault, and all that went otherwise than it must. */
export function reportText(cycles: readonly Cycle[]): string {
  const lines = ['fault | cycles | writable p50 / p99 ms | gap p50 / p99 ms | in order p50 / p99 ms | lost rows (worst) | two committing ms (worst) | by hand | wrong', '---|---|---|---|---|---|---|---|---']
  for (const name of [...new Set(cycles.map(({ fault }) => fault))].toSorted()) {
    const own = cycles.filter(({ fault }) => fault === name)
    const both = (values: readonly number[]): string => `${round(quantile(values, 0.5))} / ${round(quantile(values, 0.99))}`
    lines.push([
      name, own.length, both(own.flatMap(({ writableMillis }) => writableMillis ?? [])), both(own.map(({ gapMillis }) => gapMillis)), both(own.map(({ orderMillis }) => orderMillis)),
      `${own.reduce((sum, { lost }) => sum + lost, 0)} (${Math.max(...own.map(({ lost }) => lost))})`, round(Math.max(...own.map(({ dualCommitMillis }) => dualCommitMillis))),
      own.reduce((sum, { byHand }) => sum + byHand.length, 0), own.reduce((sum, { wrong }) => sum + wrong.length, 0),
    ].join(' | '))
  }
  const wrong = cycles.flatMap(({ fault, at, wrong: list }) => list.map(what => `${at} ${fault}: ${what}`))
  const acknowledged = cycles.reduce((sum, cycle) => sum + cycle.acknowledged, 0)
  lines.push('', `${cycles.length} cycles, ${cycles.filter(({ writableMillis }) => writableMillis !== null).length} changes of primary, ${acknowledged} acknowledged rows, `
    + `${cycles.reduce((sum, { lost }) => sum + lost, 0)} of them lost, ${wrong.length} wrong`, ...wrong)
  return lines.join('\n')
}
