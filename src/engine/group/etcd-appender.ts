import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdAnswer } from '../../ports/etcd.ts'
import { entryBytes, type EtcdKeys, type LogEntry, textOf } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'

export interface EtcdAppenderEvents {
  appended(entries: readonly LogEntry[]): void
  /** Nothing of these happened, and nothing will. */
  lost(ids: readonly string[]): void
  /** Somebody else leads, or nobody: this appender does nothing more. */
  deposed(): void
  trouble(text: string): void
}

interface Waiting {
  readonly id: string
  readonly data: Uint8Array
}

/**
 * Appends a leader's commands to the log, as many as have come together in one transaction, one transaction at a time. Each holds only while its writer leads and
 * nobody has written since: neither a leader that was deposed nor a request that comes late or twice can append.
 */
export class EtcdAppender {
  readonly #etcd: Pick<Etcd, 'transact'>
  readonly #clock: Clock
  readonly #keys: EtcdKeys
  readonly #policy: EtcdGroupPolicy
  readonly #events: EtcdAppenderEvents
  readonly #term: number
  readonly #stop = new AbortController()
  #last: number
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #isRunning = false

  constructor(etcd: Pick<Etcd, 'transact'>, clock: Clock, keys: EtcdKeys, policy: EtcdGroupPolicy, leads: { readonly term: number; readonly last: number }, events: EtcdAppenderEvents) {
    this.#etcd = etcd
    this.#clock = clock
    this.#keys = keys
    this.#policy = policy
    this.#term = leads.term
    this.#last = leads.last
    this.#events = events
  }

  /** False: too much waits already. */
  add(one: Waiting): boolean {
    if (this.#waiting.length >= this.#policy.waitingMax || this.#waitingBytes + one.data.length > this.#policy.waitingBytesMax) return false
    this.#waiting.push(one)
    this.#waitingBytes += one.data.length
    void this.#run()
    return true
  }

  /** What was never sent is lost; what was sent may have been carried out, and shows when it is applied. */
  stop(): void {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    const ids = this.#waiting.map(({ id }) => id)
    this.#waiting = []
    this.#waitingBytes = 0
    if (ids.length > 0) this.#events.lost(ids)
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    await Promise.resolve() // what is proposed in one go shares a transaction
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) await this.#append(this.#batch()) // ends when nothing waits
    this.#isRunning = false
  }

  #batch(): readonly LogEntry[] {
    let bytes = 0
    let count = 0
    for (const { data } of this.#waiting) {
      if (count >= this.#policy.entriesPerAppendMax || (count > 0 && bytes + data.length > this.#policy.bytesPerAppendMax)) break
      bytes += data.length
      count += 1
    }
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, count).map(({ id, data }, at) => ({ number: this.#last + 1 + at, term: this.#term, id, data }))
  }

  /** Again and again until it is known what came of it, or until this process no longer leads. */
  async #append(entries: readonly LogEntry[]): Promise<void> {
    const [first, final] = [entries[0], entries.at(-1)]
    if (first === undefined || final === undefined) return
    const { leader, last } = this.#keys
    const firstKey = this.#keys.entry(first.number)
    const firstBytes = entryBytes(first)
    while (!this.#stop.signal.aborted) { // ends with the answer, or with leadership
      const answer = await this.#etcd.transact({
        when: [{ key: leader, createRevision: this.#term }, { key: last, value: String(this.#last) }],
        acts: [
          ...entries.map((entry, at) => ({ do: 'put', key: this.#keys.entry(entry.number), value: at === 0 ? firstBytes : entryBytes(entry) } as const)),
          { do: 'put', key: last, value: String(final.number) },
        ],
        otherwise: [{ do: 'get', key: leader }, { do: 'get', key: last }, { do: 'get', key: firstKey }],
      }, this.#policy.requestMilliseconds)
      if (!answer.ok) {
        // What kind it is does not matter: an attempt before it may have been carried out.
        this.#events.trouble(answer.failure.text)
        await this.#clock.sleep(this.#policy.againMilliseconds, this.#stop.signal)
        continue
      }
      const outcome = answer.value.holds ? 'appended' : this.#outcomeOf(answer.value, first, firstBytes)
      if (outcome === 'appended') {
        this.#last = final.number
        this.#events.appended(entries)
        return
      }
      if (outcome === 'lost') this.#events.lost(entries.map(({ id }) => id))
      this.stop()
      this.#events.deposed()
      return
    }
  }

  #outcomeOf({ got }: EtcdAnswer, first: LogEntry, firstBytes: Uint8Array): 'appended' | 'lost' | 'unknown' {
    const [[leader], [last], [standing]] = [got[0] ?? [], got[1] ?? [], got[2] ?? []]
    if (standing !== undefined && Buffer.compare(standing.value, firstBytes) === 0) return 'appended' // an earlier attempt was carried out
    if (standing !== undefined) return 'lost'
    const reaches = last === undefined ? null : Number(textOf(last))
    // No attempt that is still on its way can be carried out any more: this term does not come again.
    if (leader?.createRevision !== this.#term && reaches !== null && reaches < first.number) return 'lost'
    return 'unknown'
  }
}
