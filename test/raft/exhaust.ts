/**
 * Everything that can happen to three Raft members within bounds: `npm run raft:exhaust -- --terms 2 --proposals 1 --crashes 1 --clocks 2 --repeats 0 --changes 0`.
 * `--first nearest` finds the shortest way to a mistake, `--first deepest` can look at all of many millions. Ends with status 1 at the first broken invariant.
 */
import { parseArgs } from 'node:util'
import { explore } from './explore.ts'

const { values } = parseArgs({
  options: {
    terms: { type: 'string', default: '2' }, proposals: { type: 'string', default: '1' }, crashes: { type: 'string', default: '1' }, clocks: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '0' }, changes: { type: 'string', default: '0' }, states: { type: 'string', default: '100000000' }, first: { type: 'string', default: 'deepest' },
  },
})

function end(message: string): never {
  console.error(message)
  process.exit(2)
}

const wholeNumber = (name: Exclude<keyof typeof values, 'first'>): number => {
  const number = Number(values[name])
  return Number.isSafeInteger(number) && number >= 0 ? number : end(`--${name}: ${values[name]} is not a whole number of 0 or more`)
}

const bounds = {
  terms: wholeNumber('terms'), proposals: wholeNumber('proposals'), crashes: wholeNumber('crashes'), clocks: wholeNumber('clocks'), repeats: wholeNumber('repeats'), changes: wholeNumber('changes'),
}
const { first } = values
if (first !== 'nearest' && first !== 'deepest') end(`--first: ${first} is neither nearest nor deepest`)
const began = performance.now()
const tell = (known: number, depth: number): void => console.log(`${known} situations so far, the last one after ${depth} moves, ${(performance.now() - began) / 1000 | 0} s`)
const { states, moves, depth, isWhole, broken } = explore(bounds, { statesMax: wholeNumber('states'), first, tell })
const seconds = (performance.now() - began) / 1000
if (broken !== null) console.log(`BROKEN: ${broken.what}\n${broken.way.map((says, place) => `${String(place).padStart(4)} ${says}`).join('\n')}`)
const what = broken !== null ? 'BROKEN' : isWhole ? 'all that there are within the bounds' : `not all that there are, ${first} first`
console.log(`${Object.entries(bounds).map(([name, bound]) => `${name} ${bound}`).join(', ')}: ${states} situations by ${moves} moves, up to ${depth} from the beginning, in ${seconds.toFixed(0)} s (${(states / seconds).toFixed(0)} a second): ${what}`)
process.exit(broken === null ? 0 : 1)
