import i18next from 'i18next'

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

const sameDay = (left: number, right: number): boolean => new Date(left).toDateString() === new Date(right).toDateString()

/** The time of day; with the date when it is another day. */
export function clock(at: number, now: number = Date.now()): string {
  const time = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at)
  return sameDay(at, now) ? time : `${new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric' }).format(at)} ${time}`
}

/** Without seconds, for ends that lie ahead. */
export function clockMinutes(at: number, now: number = Date.now()): string {
  const time = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  return sameDay(at, now) ? time : `${new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric' }).format(at)} ${time}`
}

/** With milliseconds, for the steps of a recovery. */
export const clockMilliseconds = (at: number): string =>
  new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' }).format(at)

/** The whole time with its zone, for hints. */
export const fullTime = (at: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'long' }).format(at)

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value)

/** A word in the middle of a sentence: "Replicating" becomes "replicating", "SQL error" stays. */
export const inSentence = (word: string): string => (/^[A-Z](?![A-Z])/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word)
