/** `2026-11-22 06:04:32`, local time or that of TZ. */
export function localTime(at: number): string {
  const time = new Date(at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}
