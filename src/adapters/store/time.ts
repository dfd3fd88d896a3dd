/** How the original writes a time that has not been. */
export const never = '1971-01-01 00:00:00'

/** `YYYY-MM-DD HH:MM:SS` in UTC, whole seconds rounded down: how both engines keep times here. */
export function timeText(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000)
  if (second !== last.second) last = { second, text: new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ') }
  return last.text
}

/** Times that are written follow one another closely. */
let last = { second: Number.NaN, text: '' }

export const timeTextOrNull = (milliseconds: number | null): string | null => (milliseconds === null ? null : timeText(milliseconds))

/**
 * Milliseconds since 1970 of a stored time. Accepts also the form `YYYY-MM-DDTHH:MM:SSZ`, which the original's restored snapshots hold.
 * Null: no time (null, empty, or not readable).
 */
export function timeFrom(text: string | null | undefined): number | null {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)Z?$/.exec(text ?? '') ?? []
  if (day === undefined || clock === undefined) return null
  const milliseconds = Date.parse(`${day}T${clock}Z`)
  return Number.isNaN(milliseconds) || milliseconds <= Date.UTC(1971, 0, 1) ? null : milliseconds // `never`
}
