import type { QueryClient } from '@tanstack/react-query'
import type { LiveEvent } from '../../../src/contract/views.ts'
import { hide } from '../anonymous/anonymous.ts'
import { client } from '../api/client.ts'
import { makeStore } from '../ui/store.ts'
import { applyEvent } from './apply.ts'
import { heardHello } from './hello.ts'
import { watchSleep } from './asleep.ts'
import { type Followed, followStream } from './shared-stream.ts'
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
let wake: () => void = () => undefined

/** A wait for the next try of the stream ends now. */
export const wakeLive = (): void => wake()

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

  /** What the stream itself says; while it lets nothing through, whether asking works decides. */
  let streamState: StreamState = 'connecting'
  let stream: Followed | null = null

  const become = (state: StreamState, at: number): void => {
    if (live.get().state === state) return
    const wasAway = live.get().state !== 'live'
    live.set(before => ({ ...before, state, since: at }))
    // What was missed while the stream was away is told by hello's `gap`; queries that failed meanwhile are asked again here.
    // A stream that is refused does not say why; an answer does.
    if (state === 'reconnecting') void client.me().catch(() => undefined)
    if ((state === 'live' && wasAway) || state === 'polling') void cache.refetchQueries({ predicate: query => query.state.status === 'error' })
  }

  const follow = (): void => {
    stream = followStream(client.eventsAddress(), {
      event(told) {
        const event = hide(told)
        live.set(state => ({ ...state, heardAt: Date.now() }))
        if (event.event === 'heartbeat') return
        if (event.event === 'hello') heardHello(event.data)
        if (queue.length >= waitingMax) {
          overflowed = true
          queue = []
        }
        queue.push(event)
        flush()
      },
      state(state, at) {
        streamState = state
        // Nobody knows yet whether asking works: that it does not come through is all that is sure.
        become(state === 'polling' && live.get().state !== 'polling' ? 'reconnecting' : state, at)
        if (state === 'polling') poll()
      },
      again: () => void cache.invalidateQueries(),
    })
  }

  let isAsking = false
  const poll = (): void => {
    if (stream === null || streamState !== 'polling' || isAsking) return
    isAsking = true
    void client.me().then(
      async me => {
        isAsking = false
        if (streamState !== 'polling') return
        become('polling', Date.now())
        live.set(state => ({ ...state, heardAt: Date.now() }))
        if (live.get().isPaused || holds > 0) return
        cache.setQueryData(['me'], me)
        await cache.invalidateQueries()
      },
      () => {
        // The chip and the banner show the age of what is known; the next round tries again.
        isAsking = false
        if (streamState === 'polling') become('reconnecting', Date.now())
      },
    )
  }

  wake = () => stream?.wake()
  follow()
  const polls = setInterval(poll, pollEveryMilliseconds)
  const stopWatching = watchSleep({
    sleep() {
      stream?.stop()
      stream = null
      become('connecting', Date.now())
    },
    wake() {
      queue = []
      follow()
      void cache.invalidateQueries()
    },
    look: () => stream?.wake(),
  })
  return () => {
    clearInterval(polls)
    stopWatching()
    stream?.stop()
  }
}
