/** The first place in a file at which an event can begin (MySQL internals, "binary log header"). */
export const firstPosition = 4n

/** `binlog.000012` → `binlog.000011`; null before the first. Servers number files, with as many digits as the first had. */
export const previousFile = (file: string): string | null => neighbour(file, -1)

/** `binlog.000012` → `binlog.000013`. */
export const nextFile = (file: string): string | null => neighbour(file, 1)

function neighbour(file: string, by: 1 | -1): string | null {
  const found = /^(.*\.)(\d{1,15})$/.exec(file)
  const [, stem = '', digits = ''] = found ?? []
  const number = Number(digits) + by
  return found === null || number < 1 ? null : stem + String(number).padStart(digits.length, '0')
}
