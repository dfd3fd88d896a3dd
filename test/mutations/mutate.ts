/**
 * Plants one bug after another in a copy of the project and runs the narrow suite that must catch it.
 * Exit status 0: every one was caught; 1: some were missed, or could not be tried.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { mutations } from './list.ts'
import type { Mutation } from './mutation.ts'
import type { Suite } from './suites.ts'
import { Tree } from './tree.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, suite: { type: 'string' }, report: { type: 'string' }, list: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })

if (values.help) {
  console.log(`Plants bugs, one at a time, in a copy of the project; the suite named beside each must fail.
  --only NAME     this one, or all whose names begin so
  --suite TEXT    those that a suite with this text in its description must catch
  --list          names them, and what must catch each
  --report FILE   what came of each, as JSON`)
  process.exit(0)
}

/** A suite that does not end with a bug in the code has found it. */
const endsWithinMilliseconds = 240_000

interface Run {
  readonly good: boolean
  readonly seconds: number
  readonly says: string
}

interface Result extends Run {
  readonly mutation: Mutation
  readonly state: 'caught' | 'missed' | 'stale' | 'unjudged'
}

const { only = '', suite = '' } = values
const chosen = mutations.filter(({ name, caughtBy }) => name.startsWith(only) && caughtBy.says.includes(suite))
if (chosen.length === 0) {
  console.error(`no mutation is called ${only}${suite === '' ? '' : ` and is caught by ${suite}`}; --list names them`)
  process.exit(2)
}
if (values.list) {
  for (const { name, breaks, file, caughtBy } of chosen) console.log(`${name} (${breaks}), in ${file}: ${caughtBy.says}`)
  process.exit(0)
}

using tree = new Tree()

function run({ args }: Suite): Run {
  const from = performance.now()
  const environment = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const ended = spawnSync(process.execPath, [...args], { cwd: tree.folder, encoding: 'utf8', timeout: endsWithinMilliseconds, killSignal: 'SIGKILL', env: environment, maxBuffer: 1 << 28 })
  const output = `${ended.stdout}${ended.stderr}`
  const isOver = ended.error !== undefined && ended.status === null
  return { good: ended.status === 0, seconds: (performance.now() - from) / 1000, says: isOver ? `not at its end after ${endsWithinMilliseconds / 1000} s` : (firstFailure(output) ?? '') }
}

/** The first line of a runner's output that says what failed. */
const firstFailure = (output: string): string | undefined => output.split('\n').map(line => line.trim()).find(line => /^(✖ (?!failing)|BROKEN )/.test(line))?.slice(0, 160)

/** Suites that pass as the project is: one that fails without any bug proves nothing. */
function standing(suites: readonly Suite[]): ReadonlySet<string> {
  const passing = new Set<string>()
  for (const suite of new Map(suites.map(each => [each.says, each])).values()) {
    const { good, says, seconds } = run(suite)
    if (good) passing.add(suite.says)
    console.log(`        ${seconds.toFixed(1).padStart(6)} s  ${good ? 'passes' : 'FAILS'} as it is: ${suite.says}${good ? '' : `: ${says}`}`)
  }
  return passing
}

function tried(mutation: Mutation): Result {
  if (!passing.has(mutation.caughtBy.says)) return { mutation, state: 'unjudged', good: false, seconds: 0, says: 'its suite fails without it' }
  let takeOut = (): void => {}
  try {
    takeOut = tree.plant(mutation)
  } catch (error) {
    return { mutation, state: 'stale', good: false, seconds: 0, says: error instanceof Error ? error.message : String(error) }
  }
  try {
    const result = run(mutation.caughtBy)
    return { ...result, mutation, state: result.good ? 'missed' : 'caught' }
  } finally {
    takeOut()
  }
}

const passing = standing(chosen.map(({ caughtBy }) => caughtBy))
const results = chosen.map(mutation => {
  const result = tried(mutation)
  console.log(`${result.state.padEnd(8)} ${result.seconds.toFixed(1).padStart(6)} s  ${mutation.name} (${mutation.breaks})${result.good ? `: ${mutation.caughtBy.says} passes with it` : `: ${result.says}`}`)
  return result
})
const count = (wanted: Result['state']): number => results.filter(({ state }) => state === wanted).length
console.log(`${results.length} mutations: ${count('caught')} caught, ${count('missed')} missed, ${count('stale')} that cannot be planted any more, ${count('unjudged')} whose suite fails anyway, ${results.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s`)
if (values.report !== undefined) {
  const rows = results.map(({ mutation: { name, breaks, file, caughtBy }, state, seconds, says }) => ({ name, breaks, file, suite: caughtBy.says, state, seconds, says }))
  writeFileSync(values.report, `${JSON.stringify(rows, null, 2)}\n`)
}
process.exitCode = count('caught') === results.length ? 0 : 1
