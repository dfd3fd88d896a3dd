import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { MeView } from '../../contract/views.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Request } from '../exchange.ts'
import type { Changes } from './changes.ts'
import { LiveStream, streamLimits } from './stream.ts'

/** Time that moves only when told to. */
class TestClock implements Clock {
  #now = 1_000_000
  #timers: { at: number; act: () => void }[] = []
  now = (): number => this.#now
  monotonic = (): number => this.#now
  sleep = (): Promise<void> => Promise.resolve()
  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: this.#now + milliseconds, act }
    this.#timers.push(timer)
    return () => (this.#timers = this.#timers.filter(other => other !== timer))
  }
  pass(milliseconds: number): void {
    const until = this.#now + milliseconds
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)
      if (next === undefined) break
      this.#timers = this.#timers.filter(timer => timer !== next)
      this.#now = next.at
      next.act()
    }
    this.#now = until
  }
}

/** A connection whose reader may be slow: what is written stays unread. */
class Client extends EventEmitter {
  text = ''
  writableLength = 0
  isSlow = false
  isDropped = false
  writeHead(): void {}
  write(text: string): void {
    this.text += text
    if (this.isSlow) this.writableLength += text.length
  }
  end(): void {
    this.emit('close')
  }
  destroy(): void {
    this.isDropped = true
    this.emit('close')
  }
}

const me: MeView = {
  user: '', mayWrite: true, reason: null, node: 'n', leader: 'n', version: '1', webMessage: '', recoveries: { enabled: true, since: null, by: '' },
  recoveryFilters: { primary: [], intermediate: [] }, pollSeconds: 1, reasonableLagSeconds: 10, urlPrefix: '',
}
const request: Request = {
  method: 'GET', path: '/api/v2/events', query: new URLSearchParams(), headers: {}, isSecure: false, remoteAddress: '', mayChange: true, askedThrough: null, body: () => Promise.resolve(''),
  person: { user: '', mayWrite: true, whyNot: null },
}

function rig() {
  const clock = new TestClock()
  const counts = { compared: 0, reset: 0 }
  // Only these two members are used by the stream.
  const changes = { reset: () => void counts.reset++, since: () => (counts.compared++, []) } as unknown as Changes
  const stream = new LiveStream({ clock, changes, topology: () => new Topology(1, new Map()), me: () => me, salt: 0 })
  const join = (): Client => {
    const client = new Client()
    const answer = stream.answer(request)
    assert.ok('take' in answer)
    answer.take(client as unknown as ServerResponse) // the stream writes to it and waits for its end, nothing else
    return client
  }
  return { clock, counts, stream, join }
}

test('a client is greeted, and hears a heartbeat every five seconds', () => {
  const { clock, join } = rig()
  const client = join()
  assert.match(client.text, /^retry: 1000\nid: \d+\nevent: hello\n/)
  clock.pass(10_000)
  assert.equal(client.text.match(/event: heartbeat/g)?.length, 2)
})

test('changes are compared at most four times a second, however many there are', () => {
  const { clock, counts, stream, join } = rig()
  join()
  clock.pass(1000)
  counts.compared = 0
  for (let index = 0; index < 100; index++) {
    stream.topologyChanged()
    clock.pass(10)
  }
  assert.ok(counts.compared >= 3 && counts.compared <= 5, String(counts.compared))
})

test('a client that does not read is dropped, the others are not', () => {
  const { stream, join } = rig()
  const [slow, quick] = [join(), join()]
  slow.isSlow = true
  const message = 'x'.repeat(100_000)
  for (let index = 0; index < 30; index++) stream.tell({ event: 'audit', data: { at: 0, kind: 'k', server: null, message } })
  assert.equal(slow.isDropped, true)
  assert.ok(slow.writableLength <= streamLimits.unreadBytes)
  assert.equal(quick.isDropped, false)
  assert.equal(quick.text.match(/event: audit/g)?.length, 30)
})

test('when nobody has listened for a minute nothing is compared any more', () => {
  const { clock, counts, stream, join } = rig()
  join().end()
  clock.pass(streamLimits.lingerMilliseconds + 6000)
  counts.compared = 0
  stream.topologyChanged()
  clock.pass(10_000)
  assert.equal(counts.compared, 0)
  join()
  assert.equal(counts.reset, 2)
})
