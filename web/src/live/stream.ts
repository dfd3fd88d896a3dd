import type { LiveEvent } from '../../../src/contract/views.ts'
import { makeEventParser } from './event-parser.ts'

/** `polling`: the connection opens, and nothing comes through it in time; who asks again and again may have more luck. */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'polling'

export interface StreamListener {
  event(event: LiveEvent): void
  state(state: StreamState, at: number): void
}

/** Heartbeats come every 5 s; three missing ones mean that nobody is there. */
const silenceMaxMilliseconds = 15_000
/** A proxy that buffers lets the connection open but nothing through: then the page polls. */
const firstWordMaxMilliseconds = 6_000
const waitMinMilliseconds = 1_000
const waitMaxMilliseconds = 30_000
/** One that buffers only so much lets the first words through and then falls silent; a stream that held for so long was a good one. */
const goodMilliseconds = 60_000
/** So often in a row a stream that did speak may fall silent before the page polls. */
const muffledTriesMax = 1

/**
 * Keeps one event stream open: resumes after the last id seen, notices silence, waits longer each time (with jitter) and says what state it is in.
 * Uses fetch and not EventSource, because only so the place to resume at and the waits are ours. Ends when `stop` is called.
 */
export function keepStream(address: string, listener: StreamListener): { stop(): void; wake(): void } {
  let lastId: string | null = null
  let failures = 0
  let muffled = 0
  let stopped = false
  let abort = new AbortController()
  let wakeUp: () => void = () => undefined
  let state: StreamState | null = null

  const become = (next: StreamState): void => {
    if (next === state) return
    state = next
    listener.state(next, Date.now())
  }

  /** Answers how it ended: `gone` (refused, closed, no network), `silent` after it spoke, or `mute` where it never did. */
  const once = async (): Promise<'gone' | 'silent' | 'mute'> => {
    abort = new AbortController()
    let spoke = false
    let timedOut = false
    const { signal } = abort
    const silence = (): void => {
      if (signal.aborted) return
      timedOut = true
      abort.abort()
    }
    const ending = (): 'gone' | 'silent' | 'mute' => (!timedOut ? 'gone' : spoke ? 'silent' : 'mute')
    let watch = setTimeout(silence, firstWordMaxMilliseconds)
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (lastId !== null) headers['last-event-id'] = lastId
      const response = await fetch(address, { headers, signal, credentials: 'same-origin', cache: 'no-store' })
      if (!response.ok || response.body === null) return ending()
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      const parser = makeEventParser()
      while (!stopped) {
        // Ends with the stream, or by the watch.
        const { done, value } = await reader.read()
        if (done) return ending()
        clearTimeout(watch)
        watch = setTimeout(silence, silenceMaxMilliseconds)
        for (const message of parser.feed(value)) {
          if (message.id !== null) lastId = message.id
          spoke = true
          failures = 0
          become('live')
          // The edge: our own server of the same version speaks this union.
          listener.event({ event: message.event, data: JSON.parse(message.data) } as LiveEvent)
        }
      }
    } catch {
      // Silence, refusal and a broken network are the same here: the loop below waits and tries again, and the state says so.
    } finally {
      clearTimeout(watch)
      abort.abort()
    }
    return ending()
  }

  const loop = async (): Promise<void> => {
    become('connecting')
    while (!stopped) {
      // Ends by stop().
      const began = performance.now()
      const end = await once()
      if (stopped) return
      failures++
      muffled = end === 'gone' || performance.now() - began > goodMilliseconds ? 0 : end === 'mute' ? muffledTriesMax + 1 : muffled + 1
      const isMuffled = muffled > muffledTriesMax
      become(isMuffled ? 'polling' : 'reconnecting')
      const wait = isMuffled ? waitMaxMilliseconds : Math.min(waitMinMilliseconds * 2 ** (failures - 1), waitMaxMilliseconds)
      await new Promise<void>(resolve => {
        wakeUp = resolve
        setTimeout(resolve, wait * (0.75 + Math.random() / 2))
      })
    }
  }
  void loop()

  return {
    stop() {
      stopped = true
      abort.abort()
      wakeUp()
    },
    wake: () => wakeUp(),
  }
}
