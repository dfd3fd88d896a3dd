import { parseArgs } from 'node:util'
import { runWorld } from './run-world.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false }, 'stop-at-first': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})

if (values.help) {
  console.log(`Runs simulated clusters of Raft members and checks every invariant after every step.
  --seeds N        how many worlds (1000)
  --seed S         the first of them (1); one seed is always the same world
  --stop-at-first  end at the first that is broken
  --trace          what happens, with its time`)
  process.exit(0)
}

const [first, count] = [Number(values.seed), Number(values.seeds)]
if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 1) {
  console.error('--seed and --seeds are whole numbers, --seeds at least 1')
  process.exit(2)
}

const from = performance.now()
const sums: Record<string, number> = {}
let broken = 0
for (let seed = first; seed < first + count; seed += 1) {
  const result = runWorld(seed, values.trace ? line => console.log(line) : null)
  for (const [name, number] of Object.entries(result.counts)) sums[name] = (sums[name] ?? 0) + number
  if (result.broken === null) continue
  broken += 1
  console.log(`BROKEN seed ${seed}: ${result.broken}`)
  if (values['stop-at-first']) break
}
const seconds = (performance.now() - from) / 1000
console.log(`${count} worlds from seed ${first}: ${broken} broken, ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} worlds/s; ${Object.entries(sums).map(([name, number]) => `${name} ${number}`).join(', ')}`)
process.exit(broken === 0 ? 0 : 1)
