import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { runSeed } from './run-seed.ts'
import { flavours } from './simulation.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, faults: { type: 'string' }, flavour: { type: 'string' }, errant: { type: 'boolean', default: false }, trace: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})

if (values.help) {
  console.log(`Runs simulated worlds and checks the invariants.
  --seeds N      how many worlds (100)
  --seed S       the first of them (1); one seed is always the same world
  --faults A,B   these faults instead of drawn ones: ${Object.keys(faults).join(', ')}
  --flavour F    ${flavours.join(', ')} instead of a drawn one
  --errant       rows that somebody writes on a replica are drawn, too
  --trace        every step, fault and log line with its time`)
  process.exit(0)
}

const [first, count] = [Number(values.seed), Number(values.seeds)]
if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 1) {
  console.error('--seed and --seeds are whole numbers, --seeds at least 1')
  process.exit(2)
}

const flavour = flavours.find(each => each === values.flavour)
if (values.flavour !== undefined && flavour === undefined) {
  console.error(`--flavour is one of ${flavours.join(', ')}`)
  process.exit(2)
}

const from = performance.now()
const sums = { broken: 0, acknowledged: 0, promotions: 0 }
for (let seed = first; seed < first + count; seed += 1) {
  const result = await runSeed({ seed, errant: values.errant, ...(flavour === undefined ? {} : { flavour }), ...(values.trace ? { trace: line => console.log(line) } : {}), ...(values.faults === undefined ? {} : { faults: values.faults.split(',') }) })
  sums.acknowledged += result.acknowledged
  sums.promotions += result.promotions
  if (result.broken.length === 0 && !values.trace) continue
  sums.broken += result.broken.length > 0 ? 1 : 0
  console.log(`seed ${seed}: ${result.servers} ${result.flavour} servers, policy ${result.policy}`)
  for (const fault of result.faults) console.log(`  ${fault}`)
  for (const line of result.broken) console.log(`  BROKEN ${line}`)
}
const seconds = (performance.now() - from) / 1000
console.log(`${count} worlds from seed ${first}: ${sums.broken} broken, ${sums.promotions} promotions, ${sums.acknowledged} acknowledged writes, ${seconds.toFixed(1)} s`)
process.exit(sums.broken === 0 ? 0 : 1)
