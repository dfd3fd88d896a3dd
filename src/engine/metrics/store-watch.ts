import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import type { Measures } from './measures.ts'

/** One batch of records of servers that was written. */
interface Flush {
  readonly at: number
  readonly writeMilliseconds: number
}

/**
 * Passes on, each once, what the store keeps of its recent writes. `look` is called oftener than those are dropped; it takes what is older than the present
 * millisecond, in which more may come.
 */
export function storeWatch(
  store: Pick<Store, 'writesSince'>, flushes: { flushesSince(from: number): readonly Flush[] }, clock: Pick<Clock, 'now'>, measured: Measures,
): { look(): void } {
  let from = Math.floor(clock.now())
  return {
    look: () => {
      const until = Math.floor(clock.now())
      if (until <= from) return
      const isDue = ({ at }: { readonly at: number }): boolean => at >= from && at < until
      for (const { waitMilliseconds, executeMilliseconds, failure } of store.writesSince(from).filter(isDue)) {
        measured.note('store_write_seconds', { outcome: failure === null ? 'ok' : 'failed' }, executeMilliseconds / 1000)
        measured.note('store_write_wait_seconds', {}, waitMilliseconds / 1000)
      }
      for (const { writeMilliseconds } of flushes.flushesSince(from).filter(isDue)) measured.note('store_flush_seconds', {}, writeMilliseconds / 1000)
      from = until
    },
  }
}
