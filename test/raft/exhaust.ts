/**
 * Everything that can happen to three Raft members within bounds, breadth first: `npm run raft:exhaust -- --terms 2 --proposals 2 --crashes 1 --clocks 4 --states 1000000`.
 * Ends with status 1 at the first broken invariant, with the shortest way to it.
 */
import { parseArgs } from 'node:util'
import { explore } from './explore.ts'

const { values } = parseArgs({
  options: {
    terms: { type: 'string', default: '2' }, proposals: { type: 'string', default: '2' }, crashes: { type: 'string', default: '1' }, clocks: { type: 'string', default: '4' },
    states: { type: 'string', default: '1000000' },
  },
})

const wholeNumber = (name: keyof typeof values): number => {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name}: ${values[name]} is not a whole number of 0 or more`)
  process.exit(2)
}

const bounds = { terms: wholeNumber('terms'), proposals: wholeNumber('proposals'), crashes: wholeNumber('crashes'), clocks: wholeNumber('clocks') }
const began = performance.now()
const { states, moves, isWhole, broken } = explore(bounds, wholeNumber('states'), undefined, (known, depth) => console.log(`${known} situations after ${depth} moves`))
const seconds = (performance.now() - began) / 1000
if (broken !== null) console.log(`BROKEN: ${broken.what}\n${broken.way.map((says, place) => `${String(place).padStart(4)} ${says}`).join('\n')}`)
console.log(`${states} situations by ${moves} moves in ${seconds.toFixed(0)} s (${(states / seconds).toFixed(0)} a second): ${broken !== null ? 'BROKEN' : isWhole ? 'all that there are within the bounds' : 'the first ones, breadth first'}`)
process.exit(broken === null ? 0 : 1)
