import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance } from '../../src/model/topology/fresh-instance.ts'
import { Simulation } from './simulation.ts'

/** A manager begins when the primary gives no answer any more, and learns of the servers from another one. Answers whom it promoted. */
async function promotedBy(what: 'name' | 'reading'): Promise<readonly string[]> {
  const world = new Simulation({ seed: 1, faults: [], flavour: 'MySQL' })
  const [running] = world.managers
  const primary = world.all.get(world.first)
  assert.ok(running !== undefined && primary !== undefined)
  const { manager } = running
  await world.clock.runTo(3000)
  primary.hang()
  await manager.start()
  await world.clock.runTo(3100)
  if (what === 'reading') {
    const bare = bareInstance(world.first)
    manager.inventory.believe({ ...bare, serverUuid: primary.uuid, logBin: true, gtidMode: 'ON', listedReplicas: world.keys.slice(1), check: { ...bare.check, lastSeenAt: manager.clock.now() - 50 } })
  } else manager.inventory.addBare(world.first)
  await world.clock.runTo(100_000)
  return world.memory.recoveries.flatMap(({ isSuccessful, key, successor }) => (isSuccessful ? [`${key} → ${successor !== null && world.keys.includes(successor) ? 'a replica' : successor}`] : []))
}

test('a manager that never read a primary itself replaces it when it is silent, once another manager has read it and told so: it finds the replicas, too', async () => {
  assert.deepEqual(await promotedBy('reading'), ['db1:3306 → a replica'])
})

test('of a primary of which only the name is known nobody can tell who its replicas are: that is why its reading is told', async () => {
  assert.deepEqual(await promotedBy('name'), [])
})
