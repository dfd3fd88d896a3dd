import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { asleepAfterMilliseconds, watchSleep } from './asleep.ts'

function page(): { readonly document: Document; show(state: 'hidden' | 'visible'): void } {
  const target = new EventTarget()
  const document = Object.assign(target, { visibilityState: 'visible' })
  return {
    // The edge: of a document only this much is used.
    document: document as unknown as Document,
    show(state) {
      document.visibilityState = state
      target.dispatchEvent(new Event('visibilitychange'))
    },
  }
}

test('a page that is hidden for ten minutes sleeps, and wakes when it is looked at; one that is hidden for less never sleeps', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const { document, show } = page()
    const did: string[] = []
    const stop = watchSleep({ sleep: () => did.push('sleep'), wake: () => did.push('wake'), look: () => did.push('look') }, document)
    show('hidden')
    mock.timers.tick(asleepAfterMilliseconds - 1)
    show('visible')
    mock.timers.tick(asleepAfterMilliseconds)
    assert.deepEqual(did, ['look'])
    show('hidden')
    mock.timers.tick(asleepAfterMilliseconds)
    assert.deepEqual(did, ['look', 'sleep'])
    show('visible')
    assert.deepEqual(did, ['look', 'sleep', 'wake'])
    show('hidden')
    stop()
    mock.timers.tick(asleepAfterMilliseconds)
    assert.equal(did.length, 3)
  } finally {
    mock.timers.reset()
  }
})
