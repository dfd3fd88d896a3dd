import { type FromWorker, hereEveryMilliseconds, type ToWorker } from './shared-messages.ts'
import { keepStream, type StreamListener } from './stream.ts'

export interface Followed {
  stop(): void
  /** Something may be on its way again: a wait for the next try ends now. */
  wake(): void
}

/** What a page hears; `again`: it may have missed something. */
export interface PageListener extends StreamListener {
  again(): void
}

/** Follows the stream that all pages of this browser share; where shared workers do not exist, keeps one of its own. */
export function followStream(address: string, listener: PageListener): Followed {
  if (typeof SharedWorker === 'undefined') return keepStream(address, listener)
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module', name: address })
  const say = (message: ToWorker): void => worker.port.postMessage(message)
  worker.port.onmessage = (message: MessageEvent<FromWorker>) => {
    const { data } = message
    if (data.say === 'event') listener.event(data.event)
    else if (data.say === 'state') listener.state(data.state, data.at)
    else listener.again()
  }
  // A worker that cannot be loaded must not leave the page without news.
  let own: Followed | null = null
  worker.onerror = () => {
    own ??= keepStream(address, listener)
  }
  say({ say: 'open', address })
  const timer = setInterval(() => say({ say: 'here' }), hereEveryMilliseconds)
  const bye = (): void => say({ say: 'bye' })
  const again = (event: PageTransitionEvent): void => {
    if (event.persisted) say({ say: 'here' })
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
      worker.port.close()
    },
    wake: () => (own === null ? say({ say: 'wake' }) : own.wake()),
  }
}
