import { type FromWorker, hereEveryMilliseconds, type ToWorker } from './shared-messages.ts'
import { keepStream, type StreamListener } from './stream.ts'

/** Follows the stream that all pages of this browser share; where shared workers do not exist, keeps one of its own. */
export function followStream(address: string, listener: StreamListener): { stop(): void; wake(): void } {
  if (typeof SharedWorker === 'undefined') return keepStream(address, listener)
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module', name: address })
  const say = (message: ToWorker): void => worker.port.postMessage(message)
  worker.port.onmessage = (message: MessageEvent<FromWorker>) => {
    const { data } = message
    if (data.say === 'event') listener.event(data.event)
    else listener.state(data.state, data.at)
  }
  // A worker that cannot be loaded must not leave the page without news.
  let own: { stop(): void; wake(): void } | null = null
  worker.onerror = () => {
    own ??= keepStream(address, listener)
  }
  say({ say: 'open', address })
  const timer = setInterval(() => say({ say: 'here' }), hereEveryMilliseconds)
  const bye = (): void => say({ say: 'bye' })
  const again = (event: PageTransitionEvent): void => {
    if (event.persisted) say({ say: 'open', address })
  }
  addEventListener('pagehide', bye)
  addEventListener('pageshow', again)
  return {
    stop() {
      clearInterval(timer)
      removeEventListener('pagehide', bye)
      removeEventListener('pageshow', again)
      own?.stop()
      bye()
    },
    wake: () => (own === null ? say({ say: 'wake' }) : own.wake()),
  }
}
