import type { LiveEvent } from '../../../src/contract/views.ts'
import type { StreamState } from './stream.ts'

/** What a page says to the worker that holds the one stream of this browser. */
export type ToWorker =
  | { readonly say: 'open'; readonly address: string }
  /** Still here; pages that say nothing for long are forgotten, because nobody tells when one is closed. */
  | { readonly say: 'here' }
  | { readonly say: 'wake' }
  | { readonly say: 'bye' }

/** What the worker says to a page. `again`: it was forgotten meanwhile, and may have missed something. */
export type FromWorker = { readonly say: 'again' } | { readonly say: 'event'; readonly event: LiveEvent } | { readonly say: 'state'; readonly state: StreamState; readonly at: number }

export const hereEveryMilliseconds = 10_000
/** Hidden pages may be slowed down to one timer a minute. */
export const silentPageMilliseconds = 200_000
