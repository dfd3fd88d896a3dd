import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults } from './faults.ts'
import { runSeed } from './run-seed.ts'

test('in 60 worlds of MariaDB, and in 60 of MySQL without GTID, every invariant holds', async () => {
  for (const flavour of ['MariaDB', 'positions'] as const) {
    for (let seed = 1; seed <= 60; seed += 1) assert.deepEqual((await runSeed({ seed, flavour })).broken, [], `npm run simulate -- --seeds 1 --seed ${seed} --flavour ${flavour} --trace`)
  }
})

test('a promoted server that dies at once is not replaced beside the recovery that moves the others below it, and takes no writes when it returns deposed', async () => {
  // 186: a second manager replaces it before it ends what a dead one had begun. 402: the others are still being moved below it.
  for (const seed of [186, 402]) assert.deepEqual((await runSeed({ seed, flavour: 'MariaDB' })).broken, [], `npm run simulate -- --seeds 1 --seed ${seed} --flavour MariaDB --trace`)
})

test('in 60 worlds in which somebody also writes on replicas, every invariant holds', async () => {
  for (const flavour of ['MySQL', 'MariaDB', 'positions'] as const) {
    for (let seed = 1; seed <= 20; seed += 1) {
      assert.deepEqual((await runSeed({ seed, flavour, errant: true })).broken, [], `npm run simulate -- --seeds 1 --seed ${seed} --flavour ${flavour} --errant --trace`)
    }
  }
})

test('a new primary forgets its source though a sibling that somebody wrote on takes seconds: when both primaries die meanwhile, it does not come back below the old one', async () => {
  assert.deepEqual((await runSeed({ seed: 424, flavour: 'MariaDB', errant: true })).broken, [])
})

test('a former primary that a killed manager had begun to let follow is brought to follow by the next one', async () => {
  assert.deepEqual((await runSeed({ seed: 630, flavour: 'MariaDB', errant: true })).broken, [])
})

test('a replica of MariaDB that has what the new primary does not have is not pointed at it, though the numbers of the new primary are higher', async () => {
  assert.deepEqual((await runSeed({ seed: 77_269, flavour: 'MariaDB' })).broken, [])
})

test('a successor that may have taken writes before its manager was killed counts as the primary, and when all return together it acknowledges nothing for the old one', async () => {
  for (const flavour of ['MySQL', 'MariaDB'] as const) {
    assert.deepEqual((await runSeed({ seed: 1063, flavour, errant: true })).broken, [], `npm run simulate -- --seeds 1 --seed 1063 --flavour ${flavour} --errant --trace`)
  }
})

test('a replica that somebody moved below the primary just before it died is moved below the new one after the recovery, unless it has what that one has not', async () => {
  const said = async (seed: number, faults: readonly string[]): Promise<readonly string[]> => {
    const lines: string[] = []
    assert.deepEqual((await runSeed({ seed, flavour: 'MySQL', faults, trace: line => lines.push(line) })).broken, [])
    return lines.flatMap(line => /db3:3306 was found below db1:3306 after that was replaced.*?(?= \{)/.exec(line) ?? [])
  }
  assert.deepEqual(await said(2, ['moved-just-before']), ['db3:3306 was found below db1:3306 after that was replaced: it follows db2:3306 now'])
  assert.deepEqual(await said(2, ['moved-just-before', 'errant']), ['db3:3306 was found below db1:3306 after that was replaced, and is not moved below db2:3306: db3:3306 holds 2 transactions that db2:3306 does not have'])
})

test('one seed is always the same world', async () => {
  const traceOf = async (seed: number): Promise<string> => {
    const lines: string[] = []
    await runSeed({ seed, trace: line => lines.push(line) })
    return lines.join('\n')
  }
  for (const seed of [3, 8, 54]) assert.equal(await traceOf(seed), await traceOf(seed))
})

test('a dead primary is replaced, under every policy, and everybody follows; each kind of fault can be begun and healed', async () => {
  for (const seed of [1, 7]) {
    const { broken, promotions, lost } = await runSeed({ seed, faults: ['kill-primary'] })
    assert.deepEqual([broken, promotions, lost], [[], 1, []])
  }
  for (const name of Object.keys(faults)) assert.deepEqual((await runSeed({ seed: 11, faults: [name] })).broken, [], name)
})

test('a manager is killed in the middle of a failover, wherever that is: the next one ends it, and nobody is promoted beside who was promoted already', async () => {
  for (let seed = 1; seed <= 24; seed += 1) {
    const { broken, faults: said, madeWritable, recoveries } = await runSeed({ seed, faults: ['manager-killed-while-it-recovers'] })
    assert.deepEqual(broken, [], `seed ${seed}: ${said.join()}`)
    // The first that takes writes is the successor in the record of this very failover.
    assert.deepEqual([new Set(madeWritable).size, recoveries.find(({ successor }) => successor !== null)?.successor], [1, madeWritable[0]], `seed ${seed}: ${said.join()}`)
  }
})
