const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1.5 GiB`: at most three digits before the unit. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? 'B'}`
}
