import assert from 'node:assert/strict'
import { runSeed } from './run-seed.ts'

/** Runs worlds of MySQL servers with GTID; each invariant must hold in each of them. Half of them is a file of its own, so that two processors share them. */
export async function allHold(firstSeed: number, worlds: number): Promise<void> {
  const [broken, seen] = [[] as string[], { promotions: 0, acknowledged: 0, policies: new Set<string>() }]
  for (let seed = firstSeed; seed < firstSeed + worlds; seed += 1) {
    const result = await runSeed({ seed, flavour: 'MySQL' })
    seen.promotions += result.promotions
    seen.acknowledged += result.acknowledged
    seen.policies.add(result.policy)
    if (result.broken.length > 0) broken.push(`seed ${seed} (npm run simulate -- --seeds 1 --seed ${seed} --flavour MySQL --trace): ${result.broken.join('; ')}; faults: ${result.faults.join('; ')}`)
  }
  assert.deepEqual(broken, [])
  // Worlds in which nothing happens prove nothing.
  assert.ok(seen.promotions > worlds / 10 && seen.acknowledged > 100 * worlds && seen.policies.size === 2, JSON.stringify({ ...seen, policies: [...seen.policies] }))
}
