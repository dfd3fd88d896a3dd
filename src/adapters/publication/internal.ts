import { fail, ok } from '../../kit/result.ts'
import type { KeyValueStore } from '../../ports/store-facts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PublicationTarget } from '../../ports/publication.ts'

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The table `kv_store` of our own store, which scripts read. */
export function internalTarget(store: KeyValueStore, clock: Pick<Clock, 'now'>): PublicationTarget {
  return {
    name: 'internal',
    publish: ({ pairs }) => store.put(pairs, clock.now()).then(() => ok(null), error => fail(textOf(error))),
    says: ({ pairs }) => store.get(pairs.map(({ key }) => key)).then(found => ok(pairs.every(({ key, value }) => found.get(key) === value)), error => fail(textOf(error))),
  }
}
