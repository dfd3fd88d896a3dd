import type { QueryClient } from '@tanstack/react-query'
import type { LiveEvent } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { makeStore } from '../ui/store.ts'
import { applyEvent } from './apply.ts'
import { heardHello } from './hello.ts'
import { followStream } from './shared-stream.ts'
import type { StreamState } from './stream.ts'

export interface LiveState {
  readonly state: StreamState
  /** When the present state began. */
  readonly since: number
  /** When we last knew that what is shown is true. */
  readonly heardAt: number
  readonly isPaused: boolean
  /** Changes that wait while the person paused. */
  readonly waiting: number
}

export const live = makeStore<LiveState>({ state: 'connecting', since: Date.now(), heardAt: Date.now(), isPaused: false, waiting: 0 })

const applyEveryMilliseconds = 250
const pollEveryMilliseconds = 5_000
/** Beyond this many waiting events one fresh look is cheaper than all of them. */
const waitingMax = 2_000

let queue: LiveEvent[] = []
let overflowed = false
let holds = 0
let flush: () => void = () => undefined

/** Nothing moves under the hand: changes wait until the answer is called. */
export function holdStill(): () => void {
  holds++
  let held = true
  return () => {
    if (!held) return
    held = false
    holds--
    flush()
  }
}

export function togglePause(): void {
  live.set(state => ({ ...state, isPaused: !state.isPaused }))
  flush()
}

/** Joins the stream to the cache for the life of the page. */
export function startLive(cache: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  flush = () => {
    if (timer !== null) return
    timer = setTimeout(() => {
      timer = null
      if (live.get().isPaused || holds > 0) {
        live.set(state => ({ ...state, waiting: queue.length }))
        return
      }
      const events = queue
      queue = []
      for (const event of events) applyEvent(cache, event)
      if (overflowed) void cache.invalidateQueries()
      overflowed = false
      if (live.get().waiting > 0) live.set(state => ({ ...state, waiting: 0 }))
    }, applyEveryMilliseconds)
  }

  const stream = followStream(client.eventsAddress(), {
    event(event) {
      if (event.event === 'heartbeat') {
        live.set(state => ({ ...state, heardAt: Date.now() }))
        return
      }
      live.set(state => ({ ...state, heardAt: Date.now() }))
      if (event.event === 'hello') heardHello(event.data)
      if (queue.length >= waitingMax) {
        overflowed = true
        queue = []
      }
      queue.push(event)
      flush()
    },
    state(state, at) {
      const wasAway = live.get().state !== 'live'
      live.set(before => ({ ...before, state, since: at }))
      // What was missed while the stream was away is told by hello's `gap`; queries that failed meanwhile are asked again here.
      if (state === 'live' && wasAway) void cache.refetchQueries({ predicate: query => query.state.status === 'error' })
    },
  })

  const poll = setInterval(() => {
    if (live.get().state !== 'polling' || live.get().isPaused || holds > 0) return
    void client.me().then(
      async me => {
        cache.setQueryData(['me'], me)
        live.set(state => ({ ...state, heardAt: Date.now() }))
        await cache.invalidateQueries()
      },
      // The chip and the banner show the age of what is known; the next round tries again.
      () => undefined,
    )
  }, pollEveryMilliseconds)

  const onVisible = (): void => {
    if (document.visibilityState === 'visible') stream.wake()
  }
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    clearInterval(poll)
    document.removeEventListener('visibilitychange', onVisible)
    stream.stop()
  }
}
