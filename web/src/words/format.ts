import i18next from 'i18next'
import { preferences } from '../ui/preferences.ts'

/** Durations, times and numbers in the language of the page. */
export const locale = (): string => (i18next.language === 'zh' ? 'zh-CN' : 'en-GB')

const isZh = (): boolean => i18next.language === 'zh'

/** `0 s`, `41 s`, `4 min 20 s`, `3 h 5 min`, `12 d 4 h`; at most two units. */
export function duration(seconds: number): string {
  const units = isZh() ? { d: ' 天', h: ' 小时', min: ' 分', s: ' 秒' } : { d: ' d', h: ' h', min: ' min', s: ' s' }
  return durationIn(seconds, units)
}

export function durationIn(seconds: number, units: { readonly d: string; readonly h: string; readonly min: string; readonly s: string }): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole}${units.s}`
  const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`
  if (whole < 3600) return two(Math.floor(whole / 60), units.min, whole % 60, units.s)
  if (whole < 86_400) return two(Math.floor(whole / 3600), units.h, Math.floor((whole % 3600) / 60), units.min)
  return two(Math.floor(whole / 86_400), units.d, Math.floor((whole % 86_400) / 3600), units.h)
}

/** Milliseconds as they are below a second, then seconds with one digit, then as a duration. */
export function shortDuration(milliseconds: number): string {
  if (milliseconds < 1000) return isZh() ? `${Math.round(milliseconds)} 毫秒` : `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return isZh() ? `${(milliseconds / 1000).toFixed(1)} 秒` : `${(milliseconds / 1000).toFixed(1)} s`
  return duration(milliseconds / 1000)
}

/** The zone that times are shown in: undefined is the browser's own. */
const timeZone = (): string | undefined => (preferences.get().timeZone === 'utc' ? 'UTC' : undefined)

/** Making one takes far longer than using it, and a list of times needs the same few again and again. */
const made = new Map<string, Intl.DateTimeFormat>()
function formatted(at: number, options: Intl.DateTimeFormatOptions): string {
  const kind = `${locale()} ${timeZone() ?? ''} ${JSON.stringify(options)}`
  let format = made.get(kind)
  if (format === undefined) made.set(kind, (format = new Intl.DateTimeFormat(locale(), { ...options, timeZone: timeZone() })))
  return format.format(at)
}

const sameDay = (left: number, right: number): boolean => formatted(left, { dateStyle: 'short' }) === formatted(right, { dateStyle: 'short' })
const withDay = (time: string, at: number, now: number): string => (sameDay(at, now) ? time : `${formatted(at, { month: 'short', day: 'numeric' })} ${time}`)

/** The time of day; with the date when it is another day. */
export const clock = (at: number, now: number = Date.now()): string =>
  withDay(formatted(at, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }), at, now)

/** Without seconds, for ends that lie ahead. */
export const clockMinutes = (at: number, now: number = Date.now()): string => withDay(formatted(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }), at, now)

/** With milliseconds, for the steps of a recovery. */
export const clockMilliseconds = (at: number): string =>
  formatted(at, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' })

/** The whole time with its zone, for hints. */
export const fullTime = (at: number): string => formatted(at, { dateStyle: 'medium', timeStyle: 'long' })

/** The zone that times are shown in, as people call it: `UTC`, `GMT+8`. */
export const zoneName = (): string =>
  new Intl.DateTimeFormat(locale(), { timeZone: timeZone(), timeZoneName: 'short' }).formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value)

/** A word in the middle of a sentence: "Replicating" becomes "replicating", "SQL error" stays. */
export const inSentence = (word: string): string => (/^[A-Z](?![A-Z])/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word)
