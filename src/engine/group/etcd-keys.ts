import type { EtcdValue } from '../../ports/etcd.ts'
import type { GroupMember, Json } from '../../ports/group.ts'

/** Where in an etcd the memory of the managers stands. Numbers are written so long that their order as text is their order. */
export class EtcdKeys {
  /** Whose group it is; made once. */
  readonly group: string
  /** Who leads, under its lease: it goes when its owner is gone. Its `createRevision` is the term. */
  readonly leader: string
  /** The number of the last command. */
  readonly last: string
  readonly snapshot: string
  /** After a leader stepped aside, for a short while: who should lead next. */
  readonly next: string
  readonly members: Range
  readonly log: Range
  readonly snapshots: Range
  readonly all: Range
  readonly #root: string

  constructor(prefix: string) {
    const root = prefix.endsWith('/') ? prefix : `${prefix}/`
    this.#root = root
    this.group = `${root}group`
    this.leader = `${root}leader`
    this.last = `${root}last`
    this.snapshot = `${root}snapshot`
    this.next = `${root}next`
    this.members = below(`${root}members/`)
    this.log = below(`${root}log/`)
    this.snapshots = below(`${root}snapshots/`)
    this.all = below(root)
  }

  member(name: string): string {
    return this.members.key + encodeURIComponent(name)
  }

  questionsOf(name: string): string {
    return `${this.#root}questions/${encodeURIComponent(name)}/`
  }

  question(name: string, id: string): string {
    return this.questionsOf(name) + id
  }

  answersTo(name: string): string {
    return `${this.#root}answers/${encodeURIComponent(name)}/`
  }

  answer(name: string, id: string): string {
    return this.answersTo(name) + id
  }

  entry(number: number): string {
    return this.log.key + placeText(number)
  }

  numberOf(entryKey: string): number {
    return Number(entryKey.slice(this.log.key.length))
  }

  /** Names of one snapshot's parts begin so; those of older ones stand before it. */
  snapshotFolder(index: number, mark: string): string {
    return `${this.snapshots.key}${placeText(index)}-${mark}/`
  }

  chunk(folder: string, number: number): string {
    return folder + placeText(number)
  }
}

export interface Range {
  readonly key: string
  readonly upTo: string
}

/** '0' follows '/' in ASCII, so that this is everything that begins with the folder. */
export const below = (folder: string): Range => ({ key: folder, upTo: `${folder.slice(0, -1)}0` })

const placeText = (number: number): string => String(number).padStart(16, '0')

/** Who holds an office: `process` tells two lives of the same name apart. */
export interface OfficeHolder {
  readonly name: string
  readonly uri: string | null
  readonly process: string
}

export interface SnapshotPlace {
  readonly index: number
  readonly term: number
  readonly folder: string
  readonly chunks: number
  readonly bytes: number
}

export interface NextLeader {
  /** Null: anybody but `by`. */
  readonly to: string | null
  readonly by: string
}

/** One command of the log. The term and the id stand in front of what was proposed. */
export interface LogEntry {
  readonly number: number
  readonly term: number
  readonly id: string
  readonly data: Uint8Array
}

export function entryBytes({ term, id, data }: Omit<LogEntry, 'number'>): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ term, id })}\n`), data])
}

export function readEntry(number: number, value: Uint8Array): LogEntry {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const end = bytes.indexOf('\n')
  const { term, id } = JSON.parse(bytes.subarray(0, end).toString()) as Pick<LogEntry, 'term' | 'id'> // written above; anything else is a fault
  if (end < 0 || !Number.isSafeInteger(term) || typeof id !== 'string') throw new Error(`entry ${number} in etcd is not one of ours`)
  return { number, term, id, data: bytes.subarray(end + 1) }
}

export const textOf = (value: EtcdValue): string => Buffer.from(value.value.buffer, value.value.byteOffset, value.value.byteLength).toString('utf8')

/** What a manager wrote under our prefix. Nobody else writes there; a value that does not read is a fault. */
export const jsonOf = <Value extends object>(value: EtcdValue): Value => JSON.parse(textOf(value)) as Value

export const json = (value: OfficeHolder | SnapshotPlace | NextLeader | Json): string => JSON.stringify(value)

export const memberOf = ({ name, uri }: OfficeHolder): GroupMember => ({ name, uri, votes: true, isHeard: true, matched: null })
