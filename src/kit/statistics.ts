/** Figures of a list of numbers; 0 for an empty one, as the original's summaries have it. */

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((left, right) => left - right)

export const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length)
export const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), values[0] ?? 0)
export const smallest = (values: readonly number[]): number => values.reduce((least, value) => Math.min(least, value), values[0] ?? 0)

export function median(values: readonly number[]): number {
  const ordered = sorted(values)
  const middle = Math.floor(ordered.length / 2)
  return ordered.length % 2 === 1 ? (ordered[middle] ?? 0) : mean(ordered.slice(Math.max(0, middle - 1), middle + 1))
}

/** The value at so many hundredths of the list; between two places the mean of their values. */
export function percentile(values: readonly number[], hundredths: number): number {
  const ordered = sorted(values)
  if (ordered.length === 0) return 0
  const place = (hundredths * ordered.length) / 100
  const before = Math.floor(place)
  if (before < 1) return ordered[0] ?? 0
  if (place === before) return ordered[before - 1] ?? 0
  return mean(ordered.slice(before - 1, before + 1))
}
