import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { HostName } from '../../ports/store-facts.ts'
import { HostNames } from './host-names.ts'
import { discoverySettings, type DiscoverySettings } from './settings.ts'

const minute = 60_000
const log = { debug() {}, info() {}, warning() {}, error() {} }

function made(settings: Partial<DiscoverySettings> = {}) {
  const clock = { at: 1_000_000, now: () => clock.at }
  const [written, asked]: [HostName[], string[]] = [[], []]
  const names = {
    canonicalName: async (host: string) => {
      asked.push(host)
      if (host === 'nosuch') throw new Error('ENOTFOUND')
      return `${host}.example.com`
    },
    addresses: async (host: string) => ({ ipv4: host === 'six' ? null : '10.0.0.7', ipv6: 'fe80::7' }),
  }
  const hostNames = new HostNames({ names, clock, log, writeName: name => void written.push(name) }, { ...defaultValues(discoverySettings), resolveMethod: 'cname', ...settings })
  return { clock, written, asked, hostNames, resolve: (host: string) => hostNames.resolveKey(instanceKey(host, 3306)) }
}

test('a name is asked for once in its time, and written for others', async () => {
  const { resolve, asked, written, clock } = made()
  assert.equal(await resolve('db1'), 'db1.example.com:3306')
  assert.equal(await resolve('db1'), 'db1.example.com:3306')
  assert.deepEqual(asked, ['db1'])
  assert.deepEqual(written, [{ host: 'db1', name: 'db1.example.com', at: 1_000_000 }])
  clock.at += 61 * minute
  await resolve('db1')
  assert.equal(asked.length, 2)
})

test('a name that the server tells at every poll is written twice in its time, not at every poll', () => {
  const { hostNames, written, clock } = made({ resolveMethod: 'default' })
  for (let poll = 0; poll < 60; poll++) {
    hostNames.learnt(instanceKey('vip', 3306), instanceKey('db1', 3306))
    clock.at += minute
  }
  assert.equal(written.length, 2)
})

test('with the method none nothing is written', () => {
  const { hostNames, written } = made({ resolveMethod: 'none' })
  hostNames.learnt(instanceKey('vip', 3306), instanceKey('db1', 3306))
  assert.deepEqual(written, [])
  assert.equal(hostNames.entries().get('vip')?.name, 'db1')
})

test('a name that cannot be resolved stands for itself for a minute, and is not written', async () => {
  const { resolve, asked, written, clock } = made()
  assert.equal(await resolve('nosuch'), 'nosuch:3306')
  await resolve('nosuch')
  assert.equal(asked.length, 1)
  clock.at += minute + 1
  await resolve('nosuch')
  assert.equal(asked.length, 2)
  assert.deepEqual(written, [])
})

test('a result that is to be rejected is neither used nor kept', async () => {
  const { resolve, hostNames, written } = made({ rejectResolvePattern: '^db1[.]' })
  assert.equal(await resolve('db1'), 'db1:3306')
  assert.equal(hostNames.entries().size, 0)
  assert.deepEqual(written, [])
  assert.equal(await resolve('db2'), 'db2.example.com:3306')
})

test('the method ip takes an IPv4 address before an IPv6 one; detached names are left alone', async () => {
  const { resolve } = made({ resolveMethod: 'IP' })
  assert.equal(await resolve('four'), '10.0.0.7:3306')
  assert.equal(await resolve('six'), 'fe80::7:3306')
  assert.equal(await resolve('//four'), '//four:3306')
})

test('names of an earlier run are known until their time is over', async () => {
  const { resolve, hostNames, asked, clock } = made()
  hostNames.take([{ host: 'db1', name: 'remembered', at: clock.at - 59 * minute }, { host: 'db2', name: 'too-old', at: clock.at - 61 * minute }])
  assert.equal(await resolve('db1'), 'remembered:3306')
  assert.equal(await resolve('db2'), 'db2.example.com:3306')
  clock.at += 2 * minute
  assert.equal(await resolve('db1'), 'db1.example.com:3306')
  assert.deepEqual(asked, ['db2', 'db1'])
  hostNames.reset()
  await resolve('db1')
  assert.equal(asked.length, 3)
})
