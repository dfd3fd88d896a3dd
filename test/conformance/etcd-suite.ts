import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Etcd, EtcdAnswer, EtcdEvent, EtcdFailure, EtcdTransaction } from '../../src/ports/etcd.ts'

const deadline = 15_000

async function done(etcd: Etcd, transaction: Partial<EtcdTransaction>): Promise<EtcdAnswer> {
  const answer = await etcd.transact({ when: [], acts: [], otherwise: [], ...transaction }, deadline)
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.text)
  return answer.value
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + deadline
  while (!(await holds())) {
    assert.ok(performance.now() < end, `${what} within ${deadline} ms`)
    await sleep(20)
  }
}

const text = (value: Uint8Array | undefined): string | null => (value === undefined ? null : Buffer.from(value).toString())

/** What every etcd does that implements `ports/etcd.ts`, the one in memory included; keys begin with `prefix`. */
export const etcdSuite: readonly { readonly name: string; readonly tries: (etcd: Etcd, prefix: string) => Promise<void> }[] = [
  {
    name: 'a transaction does all of one branch, and reads see what it has written',
    tries: async (etcd, prefix) => {
      const [a, b] = [`${prefix}a`, `${prefix}b`]
      const first = await done(etcd, { when: [{ key: a, createRevision: 0 }], acts: [{ do: 'put', key: a, value: 'one' }, { do: 'put', key: b, value: new Uint8Array([0, 255, 10]) }, { do: 'get', key: a }], otherwise: [{ do: 'get', key: b }] })
      assert.equal(first.holds, true)
      assert.deepEqual(first.got.map(values => values.map(({ key, createRevision }) => [key, createRevision])), [[[a, first.revision]]])
      const second = await done(etcd, { when: [{ key: a, createRevision: 0 }], acts: [{ do: 'put', key: a, value: 'two' }], otherwise: [{ do: 'get', key: a }, { do: 'get', key: b }, { do: 'get', key: `${prefix}none` }] })
      assert.equal(second.holds, false)
      assert.deepEqual(second.got.map(([value]) => text(value?.value)), ['one', Buffer.from([0, 255, 10]).toString(), null])
      assert.deepEqual([...second.got[1]?.[0]?.value ?? []], [0, 255, 10])
      assert.equal(second.cluster, first.cluster)
      const byValue = await done(etcd, { when: [{ key: a, value: 'one' }, { key: a, createRevision: first.revision }], acts: [{ do: 'delete', key: a }], otherwise: [] })
      assert.equal(byValue.holds, true)
      const anew = await done(etcd, { acts: [{ do: 'put', key: a, value: 'three' }, { do: 'get', key: a }] })
      assert.ok((anew.got[0]?.[0]?.createRevision ?? 0) > first.revision)
      assert.equal((await done(etcd, { when: [{ key: a, createRevision: first.revision }], acts: [] })).holds, false)
    },
  },
  {
    name: 'a range is read in the order of its keys, up to a limit, and deleted whole',
    tries: async (etcd, prefix) => {
      const keys = ['2', '1', '3'].map(number => `${prefix}range/${number}`)
      await done(etcd, { acts: keys.map(key => ({ do: 'put', key, value: key })) })
      const range = { key: `${prefix}range/`, upTo: `${prefix}range0` }
      const read = await done(etcd, { acts: [{ do: 'get', ...range }, { do: 'get', ...range, limit: 2 }] })
      assert.deepEqual(read.got.map(values => values.map(({ key }) => key)), [keys.toSorted(), keys.toSorted().slice(0, 2)])
      await done(etcd, { acts: [{ do: 'delete', ...range, upTo: `${prefix}range/3` }] })
      assert.deepEqual((await done(etcd, { acts: [{ do: 'get', ...range }] })).got.map(values => values.map(({ key }) => key)), [[`${prefix}range/3`]])
    },
  },
  {
    name: 'what hangs on a lease lives while it is kept, goes when it ends or expires, and cannot be put under one that is gone',
    tries: async (etcd, prefix) => {
      const [kept, ended] = await Promise.all([etcd.grantLease(2, deadline), etcd.grantLease(5, deadline)])
      assert.ok(kept.ok && ended.ok)
      assert.ok(kept.value.seconds >= 2)
      const [a, b] = [`${prefix}kept`, `${prefix}ended`]
      const put = await done(etcd, { acts: [{ do: 'put', key: a, value: '', lease: kept.value.id }, { do: 'put', key: b, value: '', lease: ended.value.id }, { do: 'get', key: a }] })
      assert.equal(put.got[0]?.[0]?.lease, kept.value.id)
      const standing = async (): Promise<readonly string[]> => (await done(etcd, { acts: [{ do: 'get', key: a }, { do: 'get', key: b }] })).got.flat().map(({ key }) => key)
      assert.deepEqual(await etcd.endLease(ended.value.id, deadline), { ok: true, value: null })
      const longer = performance.now() + kept.value.seconds * 1000 + 1000
      while (performance.now() < longer) {
        assert.ok((await etcd.keepLease(kept.value.id, deadline)).ok)
        await sleep(200)
      }
      assert.deepEqual(await standing(), [a])
      await until(async () => (await standing()).length === 0, 'it expires')
      for (const { value } of [kept, ended]) {
        const gone = await etcd.keepLease(value.id, deadline)
        assert.equal(gone.ok ? null : gone.failure.kind, 'lease-gone')
        const late = await etcd.transact({ when: [], acts: [{ do: 'put', key: a, value: '', lease: value.id }], otherwise: [] }, deadline)
        assert.equal(late.ok ? null : late.failure.kind, 'lease-gone')
        assert.deepEqual(await etcd.endLease(value.id, deadline), { ok: true, value: null })
      }
      assert.deepEqual(await standing(), [])
    },
  },
  {
    name: 'a watch tells everything from a revision on, in order and once, until it is stopped',
    tries: async (etcd, prefix) => {
      const key = `${prefix}watched/x`
      const { revision } = await done(etcd, { acts: [{ do: 'put', key, value: '1' }] })
      await done(etcd, { acts: [{ do: 'put', key, value: '2' }, { do: 'put', key: `${prefix}other`, value: '' }] })
      const seen: EtcdEvent[] = []
      const ended: EtcdFailure[] = []
      const stop = etcd.watch({ key: `${prefix}watched/`, upTo: `${prefix}watched0`, fromRevision: revision + 1 }, { seen: events => seen.push(...events), ended: failure => ended.push(failure) })
      await until(() => seen.length === 1, 'the past is told')
      await done(etcd, { acts: [{ do: 'put', key, value: '3' }] })
      const last = await done(etcd, { acts: [{ do: 'delete', key }] })
      await until(() => seen.length === 3, 'the present is told')
      assert.deepEqual(seen.map(event => (event.kind === 'put' ? text(event.value.value) : `deleted ${event.key}`)), ['2', '3', `deleted ${key}`])
      assert.equal(seen.at(-1)?.revision, last.revision)
      stop()
      await done(etcd, { acts: [{ do: 'put', key, value: '4' }] })
      await sleep(200)
      assert.deepEqual([seen.length, ended], [3, []])
    },
  },
]
