/**
 * Every check, in the order in which a mistake is cheapest to see: types, lint, unit tests and cases, the build, real servers, the browser.
 * `node scripts/test.ts unit` runs one stage; several may be named.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob, relative } from 'node:path'
import { folders as foldersTogether } from '../test/together.ts'
import type { Counted } from './count-reporter.ts'

interface Stage {
  readonly name: string
  readonly says: string
  /** Left out of a run that names no stage. */
  readonly onlyWhenAsked?: boolean
  readonly run: () => boolean
}

const total = { passed: 0, failed: 0, skipped: 0 }
const again: string[] = []
const againMax = 3

const stages: readonly Stage[] = [
  { name: 'types', says: 'type check', run: () => command('tsc', ['--noEmit', '-p', 'tsconfig.json']) && command('tsc', ['--noEmit', '-p', 'web/tsconfig.json']) },
  { name: 'lint', says: 'lint', run: () => command('oxlint', ['--deny-warnings']) },
  { name: 'unit', says: 'unit tests, cases and architecture', run: () => tests(2, unitTests()) },
  { name: 'build', says: 'build', run: () => command('node', ['scripts/build.ts']) },
  { name: 'servers', says: 'conformance and real servers', run: () => tests(2, ['test/conformance/*.test.ts', 'test/integration/*.test.ts'], { SANDBOX_SYNC: 'off' }) },
  { name: 'browser', says: 'the page in a real browser', run: () => tests(1, ['test/browser/*.test.ts']) },
  { name: 'further', says: 'more of the page in a real browser', onlyWhenAsked: true, run: () => tests(1, ['test/browser/further/*.test.ts'], { SANDBOX_SYNC: 'off' }) },
  { name: 'long', says: 'longer tests on real servers, and every pair of language and theme', onlyWhenAsked: true, run: () => tests(1, ['test/long/*.test.ts', 'test/browser/pages.test.ts'], { SANDBOX_SYNC: 'off', AXE: 'all' }) },
]

/** What two processes of tests share: compiled modules, and where there is enough memory a folder in it for the servers' data, which nobody needs afterwards. */
const shared = mkdtempSync(join(tmpdir(), 'orchestrator-test-'))
const dataBytesMin = 8 * 2 ** 30
const memory = '/dev/shm'
const dataFolder = existsSync(memory) && freeBytes(memory) > dataBytesMin ? mkdtempSync(join(memory, 'orc-')) : undefined
// Like /tmp: a test may look at its files as another user.
if (dataFolder !== undefined) chmodSync(dataFolder, 0o755)
process.on('exit', () => {
  for (const folder of [shared, ...(dataFolder === undefined ? [] : [dataFolder])]) rmSync(folder, { recursive: true, force: true })
})

// Children end by themselves when they are told; this one then takes its folders away.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Those of `test/together.ts` by it, every other file by itself. */
function unitTests(): readonly string[] {
  const patterns = ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/cases/**/*.test.ts', 'test/architecture/*.test.ts', 'test/harness/**/*.test.ts', 'test/simulation/*.test.ts', 'test/mutations/*.test.ts', 'test/raft/*.test.ts']
  const together = foldersTogether.map(folder => `${folder}/**`)
  return ['test/together.test.ts', ...globSync(patterns).filter(file => !together.some(pattern => matchesGlob(file, pattern)))]
}

function command(name: string, args: readonly string[]): boolean {
  return spawnSync(name, args, { stdio: 'inherit' }).status === 0
}

/** Runs test files with Node's runner and adds their counts to the total. A stage without a single test has failed. */
function tests(concurrency: number, patterns: readonly string[], environment: Readonly<Record<string, string>> = {}): boolean {
  const counted = run(concurrency, patterns, environment)
  const { waits, wrong } = counted
  // Real servers beside a compiler and a browser on two cores: where something only came too late, it is asked once more, alone, and said at the end. What was wrong is wrong.
  if (!counted.isGood && counted.passed > 0 && wrong.length === 0 && waits.length > 0 && waits.length <= againMax) {
    const files = waits.map(file => relative(process.cwd(), file))
    console.log(`== waits that ran out, once more and alone: ${files.join(', ')}`)
    const second = run(1, files, environment)
    again.push(...files)
    total.passed += counted.passed + counted.failed - second.failed
    total.failed += second.failed
    total.skipped += counted.skipped
    return second.isGood && second.passed > 0
  }
  total.passed += counted.passed
  total.failed += counted.failed
  total.skipped += counted.skipped
  return counted.isGood && counted.passed > 0
}

function run(concurrency: number, patterns: readonly string[], environment: Readonly<Record<string, string>>): Counted & { readonly isGood: boolean } {
  const counts = join(shared, 'counts.json')
  rmSync(counts, { force: true })
  const { status } = spawnSync(
    'node',
    [
      '--test', `--test-concurrency=${concurrency}`, '--test-timeout=300000',
      '--test-reporter=spec', '--test-reporter-destination=stdout',
      '--test-reporter=./scripts/count-reporter.ts', `--test-reporter-destination=${counts}`,
      ...patterns,
    ],
    { stdio: 'inherit', env: { ...process.env, NODE_COMPILE_CACHE: join(shared, 'compiled'), ...(dataFolder === undefined ? {} : { TMPDIR: dataFolder }), ...environment } },
  )
  const counted: unknown = existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8') || '{}') : {}
  // Written by our own reporter, or nothing where the runner fell.
  return { passed: 0, failed: 0, skipped: 0, waits: [], wrong: [], ...(counted as Partial<Counted>), isGood: status === 0 }
}

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !stages.some(stage => stage.name === name))
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(', ')}; stages are ${stages.map(stage => stage.name).join(', ')}`)
  process.exit(2)
}

let good = true
for (const stage of stages.filter(({ name, onlyWhenAsked = false }) => (asked.length === 0 ? !onlyWhenAsked : asked.includes(name)))) {
  const began = performance.now()
  console.log(`\n== ${stage.says}`)
  const passed = stage.run()
  console.log(`== ${stage.says}: ${passed ? 'ok' : 'FAILED'} after ${((performance.now() - began) / 1000).toFixed(1)} s`)
  good &&= passed
}
console.log(`\ntotal: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (again.length > 0) console.log(`only when run again, alone: ${again.join(', ')}`)
process.exit(good ? 0 : 1)
