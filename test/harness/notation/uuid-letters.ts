/** Letters stand for UUIDs in cases: the n-th server of a topology has the n-th of A, B … Z, AA, AB …; `A:1-3` is a GTID set. */

const tail = '-0000-0000-0000-000000000000'
const uuidPattern = new RegExp(`\\b([0-9a-f]{8})${tail}`, 'g')

export function lettersOf(number: number): string {
  let letters = ''
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCodePoint(65 + ((rest - 1) % 26)) + letters
  return letters
}

export function uuidOf(letters: string): string {
  const number = [...letters].reduce((sum, letter) => sum * 26 + (letter.codePointAt(0) ?? 64) - 64, 0)
  return number.toString(16).padStart(8, '0') + tail
}

/** `A:1-3,B:7:tag:1` → the set's text as a server would take it. MariaDB positions and real UUIDs pass unchanged. */
export const expandLetters = (set: string): string => set.split(',').map(entry => entry.replace(/^[A-Z]+(?=:|$)/, uuidOf)).join(',')

/** Any text with such UUIDs → the same with letters. */
export const contractUuids = (text: string): string => text.replaceAll(uuidPattern, (_, digits: string) => lettersOf(Number.parseInt(digits, 16)))
