/// <reference lib="webworker" />
import type { LiveEvent } from '../../../src/contract/views.ts'
import { type FromWorker, silentPageMilliseconds, type ToWorker } from './shared-messages.ts'
import { keepStream, type StreamState } from './stream.ts'

/**
 * One stream for all pages of this browser: browsers allow six connections to one host over HTTP/1.1, and each open stream takes one.
 * A page that joins later is told the state and the last hello, as if it had just connected.
 */
const pages = new Map<MessagePort, number>()
let stream: { stop(): void; wake(): void } | null = null
let state: { readonly state: StreamState; readonly at: number } = { state: 'connecting', at: Date.now() }
let hello: LiveEvent | null = null

function tellAll(message: FromWorker): void {
  for (const page of pages.keys()) page.postMessage(message)
}

function open(address: string): void {
  stream ??= keepStream(address, {
    event(event) {
      if (event.event === 'hello') hello = { event: 'hello', data: { ...event.data, gap: false } }
      else if (event.event === 'status' && hello?.event === 'hello') hello = { event: 'hello', data: { ...hello.data, recoveries: event.data.recoveries } }
      tellAll({ say: 'event', event })
    },
    state(next, at) {
      state = { state: next, at }
      if (next !== 'live') hello = null
      tellAll({ say: 'state', state: next, at })
    },
  })
}

function forget(page: MessagePort): void {
  pages.delete(page)
  if (pages.size > 0) return
  stream?.stop()
  stream = null
  hello = null
  state = { state: 'connecting', at: Date.now() }
}

function hear(page: MessagePort, message: ToWorker): void {
  if (message.say === 'bye') return forget(page)
  const wasForgotten = message.say !== 'open' && !pages.has(page)
  pages.set(page, Date.now())
  if (message.say === 'wake') stream?.wake()
  if (message.say !== 'open' && !wasForgotten) return
  open(message.say === 'open' ? message.address : scope.name)
  if (wasForgotten) page.postMessage({ say: 'again' } satisfies FromWorker)
  const told: FromWorker = { say: 'state', ...state }
  page.postMessage(told)
  if (hello !== null) page.postMessage({ say: 'event', event: hello } satisfies FromWorker)
}

// The edge: this file only ever runs as a shared worker, whose scope the page's types do not know.
const scope = globalThis as unknown as SharedWorkerGlobalScope
scope.onconnect = connected => {
  const page = connected.ports[0]
  if (page === undefined) return
  page.onmessage = (message: MessageEvent<ToWorker>) => hear(page, message.data)
}

setInterval(() => {
  for (const [page, heardAt] of pages) if (Date.now() - heardAt > silentPageMilliseconds) forget(page)
}, silentPageMilliseconds / 4)
