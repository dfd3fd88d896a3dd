import type { FoundEntries } from '../../model/pseudo-gtid/correlate.ts'
import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'

const keptMilliseconds = 10 * 60_000
/** A fleet of a thousand replicas that is matched within ten minutes. */
const entriesMax = 2000

/** Where statements stand in the logs of servers, for as long as a log is not likely to be begun anew. */
export class RememberedEntries implements FoundEntries {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #found = new Map<string, { readonly at: BinlogCoordinates; readonly since: number }>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  get(server: InstanceKey, text: string): BinlogCoordinates | undefined {
    const found = this.#found.get(`${server} ${text}`)
    return found === undefined || this.#clock.monotonic() - found.since > keptMilliseconds ? undefined : found.at
  }

  keep(server: InstanceKey, text: string, at: BinlogCoordinates): void {
    const name = `${server} ${text}`
    this.#found.delete(name)
    this.#found.set(name, { at, since: this.#clock.monotonic() })
    const [oldest] = this.#found.keys()
    if (this.#found.size > entriesMax && oldest !== undefined) this.#found.delete(oldest)
  }

  /** Its logs may be other ones from now on. */
  forget(server: InstanceKey): void {
    for (const name of this.#found.keys()) if (name.startsWith(`${server} `)) this.#found.delete(name)
  }
}
