import assert from 'node:assert/strict'
import type { RecoverySummary } from '../../../src/contract/views.ts'
import { Writer } from '../lab/writer.ts'
import { WritableServers } from '../lab/writable-servers.ts'
import { until } from '../recorded/api.ts'
import { hostNames, type HostName, type Hosts, otherHosts } from './hosts.ts'

const patience = 60_000

/** None where it says instead that it cannot ask the leader just now. */
export async function recoveriesSeenBy(hosts: Hosts, name: HostName): Promise<readonly RecoverySummary[]> {
  const answer = await hosts.api(name).get<{ readonly recoveries?: readonly RecoverySummary[] }>('/api/v2/recoveries').catch(() => null)
  return answer?.recoveries ?? []
}

/**
 * A host loses its power that has the primary and the manager that leads: another manager leads and replaces the primary, once, and no row is lost that a
 * replica had. Answers the new primary and how long, in ms, nobody was told to lead and no row was acknowledged.
 */
export async function losesHost(hosts: Hosts, lost: HostName): Promise<{ readonly primary: HostName; readonly leaderless: number; readonly gap: number }> {
  const managed = hostNames.map(name => hosts.server(name))
  await using watch = hosts.watch()
  await using writer = await Writer.start(hosts.server(lost), () => managed)
  await using writable = WritableServers.watch(managed)
  await hosts.letLead(lost)
  await until(async () => writer.acknowledged.length, count => count > 50, patience)
  const from = watch.now
  await hosts.lose(lost)
  const next = await watch.nextLeader(from, [lost], patience)
  const [asked = lost] = otherHosts(lost)
  const recoveries = await until(() => recoveriesSeenBy(hosts, asked), all => all.some(({ isSuccessful }) => isSuccessful) && all.every(({ endedAt }) => endedAt !== null), patience)
  const [recovery, ...more] = recoveries.filter(({ isSuccessful }) => isSuccessful)
  assert.deepEqual(more, [], 'it was replaced once')
  const primary = otherHosts(lost).find(name => hosts.server(name).key === recovery?.successor)
  assert.ok(primary !== undefined, JSON.stringify(recoveries))
  const count = writer.acknowledged.length
  await until(async () => writer.acknowledged.length, length => length > count + 20, patience)
  await writer.stop()
  assert.ok(await writer.lacksOnlyTheEndOf(hosts.server(lost), hosts.server(primary)), 'only what no replica had received died with the host')
  assert.deepEqual(writable.pairs, [])
  assert.deepEqual(watch.both, [])
  return { primary, leaderless: next.milliseconds, gap: writer.gap(from) }
}
