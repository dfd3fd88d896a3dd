import { parseArgs } from 'node:util'
import { compareModel } from './compare-model.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, commands: { type: 'string', default: '40' }, help: { type: 'boolean', default: false } },
})

if (values.help) {
  console.log(`Gives the same random commands to the simulated MySQL and to real servers; both must come to the same state.
  --seeds N      how many sequences (20), one after the other on the same servers
  --seed S       the first of them (1)
  --commands N   of each (40)`)
  process.exit(0)
}

const [first, count, commands] = [Number(values.seed), Number(values.seeds), Number(values.commands)]
if (![first, count, commands].every(Number.isSafeInteger) || first < 0 || count < 1 || commands < 1) {
  console.error('--seed, --seeds and --commands are whole numbers, the last two at least 1')
  process.exit(2)
}

const from = performance.now()
try {
  const counts = await compareModel({ seeds: Array.from({ length: count }, (_, index) => first + index), commands, onSeed: seed => console.log(`seed ${seed}: the same after each of ${commands} commands`) })
  console.log(`${count} sequences from seed ${first}, ${count * commands} commands: no difference, ${((performance.now() - from) / 1000).toFixed(0)} s; ${[...counts].map(([says, times]) => `${says} ${times}`).join(', ')}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
