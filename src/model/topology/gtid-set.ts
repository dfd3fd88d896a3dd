import { fail, ok, type Result } from '../../kit/result.ts'
import { countIntervals, intersectIntervals, type Intervals, isWithin, normalIntervals, subtractIntervals, unionIntervals } from './gtid-intervals.ts'

/**
 * A set of MySQL transactions: `uuid` or `uuid:tag` → numbers (contract gtid.md 2 and 3). A tagged number and the same untagged number are
 * different transactions. No entry is empty. Costs of all operations are linear in the number of intervals.
 */
export type GtidSet = ReadonlyMap<string, Intervals>

/** The text is not a GTID set; 1772 is the number a server answers. */
export interface MalformedGtidSet {
  readonly number: 1772
  readonly text: string
}

export const emptyGtidSet: GtidSet = new Map()

const largestNumber = 9223372036854775806n
const numberRange = /^(\d+)(?:\s*-\s*(\d+))?$/
const tagName = /^[a-z_][a-z0-9_]{0,31}$/
const uuidLength = 36
const dashedUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const plainUuid = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** Reads a set as servers print and accept it: blanks anywhere between tokens, any case, entries and intervals in any order. */
export function parseGtidSet(text: string): Result<GtidSet, MalformedGtidSet> {
  const malformed = (): Result<GtidSet, MalformedGtidSet> => fail({ number: 1772, text: `Malformed GTID set specification '${text}'.` })
  const found = new Map<string, bigint[]>()
  for (const entry of text.toLowerCase().split(',')) {
    const [first = '', ...parts] = entry.split(':')
    const uuidText = first.trim()
    if (uuidText === '' && parts.length === 0) continue
    const uuid = readUuid(uuidText)
    if (uuid === null) return malformed()
    let name = uuid
    for (const untrimmed of parts) {
      const part = untrimmed.trim()
      const range = numberRange.exec(part)
      if (range !== null) {
        const from = BigInt(range[1] ?? '')
        const to = range[2] === undefined ? from : BigInt(range[2])
        if (from < 1n || to < 1n || from > largestNumber || to > largestNumber) return malformed()
        const flat = found.get(name)
        if (flat === undefined) found.set(name, [from, to])
        else flat.push(from, to)
      } else if (tagName.test(part)) name = `${uuid}:${part}`
      else return malformed()
    }
  }
  const set = new Map<string, Intervals>()
  for (const [name, flat] of found) {
    const intervals = normalIntervals(flat)
    if (intervals.length > 0) set.set(name, intervals)
  }
  return ok(set)
}

function readUuid(text: string): string | null {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text
  if (dashedUuid.test(bare)) return bare
  const parts = plainUuid.exec(bare)
  return parts === null ? null : parts.slice(1).join('-')
}

/** Canonical text, as servers print it: ordered by UUID, untagged before tags, a newline after each comma. */
export function gtidSetText(set: GtidSet): string {
  const names = [...set.keys()].sort()
  let text = ''
  let entryUuid = ''
  for (const name of names) {
    const uuid = uuidOf(name)
    if (uuid === entryUuid) text += name.slice(uuidLength)
    else text += text === '' ? name : `,\n${name}`
    entryUuid = uuid
    const intervals = set.get(name) ?? []
    for (let index = 0; index < intervals.length; index += 2) {
      const [from, to] = [intervals[index], intervals[index + 1]]
      text += from === to ? `:${from}` : `:${from}-${to}`
    }
  }
  return text
}

export function unionGtidSets(left: GtidSet, right: GtidSet): GtidSet {
  if (right.size === 0) return left
  const union = new Map(left)
  for (const [name, intervals] of right) {
    const present = union.get(name)
    union.set(name, present === undefined ? intervals : unionIntervals(present, intervals))
  }
  return union
}

/** What is in `left` and not in `right`. */
export function subtractGtidSets(left: GtidSet, right: GtidSet): GtidSet {
  return combine(left, right, subtractIntervals, intervals => intervals)
}

export function intersectGtidSets(left: GtidSet, right: GtidSet): GtidSet {
  return combine(left, right, intersectIntervals, () => [])
}

function combine(left: GtidSet, right: GtidSet, both: (left: Intervals, right: Intervals) => Intervals, alone: (left: Intervals) => Intervals): GtidSet {
  const result = new Map<string, Intervals>()
  for (const [name, intervals] of left) {
    const other = right.get(name)
    const combined = other === undefined ? alone(intervals) : both(intervals, other)
    if (combined.length > 0) result.set(name, combined)
  }
  return result
}

/** True when every transaction of `part` is in `whole`. */
export function isGtidSubset(part: GtidSet, whole: GtidSet): boolean {
  for (const [name, intervals] of part) {
    if (!isWithin(intervals, whole.get(name) ?? [])) return false
  }
  return true
}

export const equalGtidSets = (left: GtidSet, right: GtidSet): boolean => isGtidSubset(left, right) && isGtidSubset(right, left)

export const isEmptyGtidSet = (set: GtidSet): boolean => set.size === 0

export function countGtids(set: GtidSet): bigint {
  let count = 0n
  for (const intervals of set.values()) count += countIntervals(intervals)
  return count
}

/** Without the entry of this UUID, all its tags included. */
export const dropUuid = (set: GtidSet, uuid: string): GtidSet => filterUuids(set, candidate => candidate !== uuid)

export const dropUuids = (set: GtidSet, uuids: ReadonlySet<string>): GtidSet => filterUuids(set, candidate => !uuids.has(candidate))

export const keepUuids = (set: GtidSet, uuids: ReadonlySet<string>): GtidSet => filterUuids(set, candidate => uuids.has(candidate))

function filterUuids(set: GtidSet, keeps: (uuid: string) => boolean): GtidSet {
  const kept = new Map<string, Intervals>()
  for (const [name, intervals] of set) if (keeps(uuidOf(name))) kept.set(name, intervals)
  return kept
}

const uuidOf = (name: string): string => name.slice(0, uuidLength)

/**
 * Single transactions in canonical order (`uuid:n`, `uuid:tag:n`). A set of more than `most` is refused with its count:
 * a set may name 2^63 transactions in one line.
 */
export function explodeGtidSet(set: GtidSet, most: number): Result<readonly string[], { readonly count: bigint }> {
  const count = countGtids(set)
  if (count > BigInt(most)) return fail({ count })
  const gtids: string[] = []
  for (const name of [...set.keys()].sort()) {
    const intervals = set.get(name) ?? []
    for (let index = 0; index < intervals.length; index += 2) {
      const to = intervals[index + 1] ?? 0n
      for (let number = intervals[index] ?? 1n; number <= to; number += 1n) gtids.push(`${name}:${number}`)
    }
  }
  return ok(gtids)
}
