import type { LiveEvent } from '../../../src/contract/views.ts'
import { makeEventParser } from './event-parser.ts'

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
/** Beyond this, streams that never said a word are given up for polling; they are tried again at `waitMax`. */
const wordlessTriesMax = 2

/**
 * Keeps one event stream open: resumes after the last id seen, notices silence, waits longer each time (with jitter) and says what state it is in.
 * Uses fetch and not EventSource, because only so the place to resume at and the waits are ours. Ends when `stop` is called.
 */
export function keepStream(address: string, listener: StreamListener): { stop(): void; wake(): void } {
  let lastId: string | null = null
  let failures = 0
  let wordless = 0
  let stopped = false
  let abort = new AbortController()
  let wakeUp: () => void = () => undefined
  let state: StreamState | null = null

  const become = (next: StreamState): void => {
    if (next === state) return
    state = next
    listener.state(next, Date.now())
  }

  const once = async (): Promise<void> => {
    abort = new AbortController()
    let spoke = false
    let watch = setTimeout(() => abort.abort(), firstWordMaxMilliseconds)
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (lastId !== null) headers['last-event-id'] = lastId
      const response = await fetch(address, { headers, signal: abort.signal, credentials: 'same-origin', cache: 'no-store' })
      if (!response.ok || response.body === null) return
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      const parser = makeEventParser()
      while (!stopped) {
        // Ends with the stream, or by the watch.
        const { done, value } = await reader.read()
        if (done) return
        clearTimeout(watch)
        watch = setTimeout(() => abort.abort(), silenceMaxMilliseconds)
        for (const message of parser.feed(value)) {
          if (message.id !== null) lastId = message.id
          spoke = true
          failures = 0
          wordless = 0
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
      if (!spoke) wordless++
    }
  }

  const loop = async (): Promise<void> => {
    become('connecting')
    while (!stopped) {
      // Ends by stop().
      await once()
      if (stopped) return
      failures++
      become(wordless > wordlessTriesMax ? 'polling' : 'reconnecting')
      const wait = wordless > wordlessTriesMax ? waitMaxMilliseconds : Math.min(waitMinMilliseconds * 2 ** (failures - 1), waitMaxMilliseconds)
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
