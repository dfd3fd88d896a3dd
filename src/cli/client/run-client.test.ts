import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OperationName } from '../../contract/all.ts'
import type { DryRunView } from '../../contract/views.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { TextInput } from '../caller.ts'
import { commands } from '../commands.ts'
import { completionScripts } from './completion.ts'
import { clientPrints } from './prints.ts'
import { type ClientResult, runClient } from './run-client.ts'

const primary = bareInstance(instanceKey('db1', 3306))
const replica = { ...bareInstance(instanceKey('db2', 3306)), replication: bareLink(primary.key), clusterName: primary.key, suggestedClusterAlias: 'shop' }

interface Tried extends ClientResult {
  readonly asked: readonly (readonly [OperationName, TextInput, string])[]
}

interface World {
  readonly answer?: unknown
  readonly refused?: Reason
  readonly shown?: DryRunView
  readonly isTerminal?: boolean
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
}

async function run(argv: readonly string[], { answer = replica, refused, shown, isTerminal = false, environment = {}, input = '' }: World = {}): Promise<Tried> {
  const asked: [OperationName, TextInput, string][] = []
  const result = await runClient(argv, {
    environment, user: 'ann', processId: 7, isTerminal, version: () => Promise.resolve('1.2.3'), standardInput: () => Promise.resolve(input),
    callerFor: () => ({
      run: (name, given, fingerprint): Promise<Result<unknown, Reason>> => {
        asked.push([name, given, fingerprint])
        return Promise.resolve(refused === undefined ? ok(answer) : fail(refused))
      },
      dryRun: name => {
        asked.push([name, {}, 'dry'])
        return Promise.resolve(shown === undefined ? fail({ code: 'none', parameters: {}, text: 'none' }) : ok(shown))
      },
      describe: () => '', close: () => Promise.resolve(),
    }),
  })
  return { ...result, asked }
}

const own = (text: string): ClientResult => ({ stdout: '', stderr: `orchestrator-client[7]: ${text}\n`, status: 1 })
const without = ({ asked: _asked, ...result }: Tried): ClientResult => result

test('what is missing is told in the words of the script, and nothing is asked', async () => {
  for (const [argv, what] of [
    [['-c', 'discover'], 'instance'], [['-c', 'relocate', '-i', 'db2'], 'destination'], [['-c', 'topology'], 'instance or alias'], [['-c', 'begin-downtime', '-i', 'db2'], 'reason'],
    [['-c', 'tag', '-i', 'db2'], 'tag'], [['-c', 'tagged'], 'tag'], [['-c', 'submit-pool-instances', '-i', 'db2'], 'pool'], [['-c', 'delay-replication', '-i', 'db2'], 'seconds'],
    [['-c', 'purge-binary-logs', '-i', 'db2'], 'binlog'], [['-c', 'register-hostname-unresolve', '-i', 'db2'], 'hostname'], [['-c', 'search'], 'pattern'], [['-c', 'ack-cluster-recoveries', '-r', 'x'], 'instance or alias'],
    [['-c', 'ack-all-recoveries'], 'reason'], [['-c', 'api'], 'path'], [['-c', 'raft-elect-leader'], 'hostname'],
  ] as const) {
    const tried = await run(argv)
    assert.deepEqual([without(tried), tried.asked], [own(`${what} must be provided`), []], argv.join(' '))
  }
})

test('every command ends with 0 when it is done and with 1 when it is refused, whose sentence is all that it says', async () => {
  const given = ['-i', 'db2', '-d', 'db1', '-a', 'shop', '-r', 'why', '-t', 'a=b', '-l', 'pool', '-H', 'vip', '-S', '5', '-n', 'binlog.1:4', '-pattern', 'x']
  const refused = { code: 'test-refusal', parameters: {}, text: "it cannot be: that's why" }
  for (const { names: [name] } of commands) {
    const tried = await run(['-c', name, ...given], { refused })
    assert.deepEqual(without(tried), { stdout: '', stderr: "it cannot be: that's why\n", status: 1 }, name)
    assert.equal(tried.asked.length, 1, name)
    assert.deepEqual(without(await run(['-c', name, ...given, '--json'], { refused })), { stdout: `${JSON.stringify({ refused })}\n`, stderr: "it cannot be: that's why\n", status: 1 }, name)
  }
})

test('every command is run once for each of -i, except those about all of them, those about none and those of a pattern', async () => {
  const once = new Set(commands.filter(({ isAllAtOnce }) => isAllAtOnce === true).flatMap(({ names }) => names))
  for (const { names: [name] } of commands) {
    const isSearch = name === 'search' || name === 'find'
    const argv = ['-c', name, '-i', 'db1, db2\tdb3', '-d', 'db4', '-r', 'why', '-t', 'a=b', '-l', 'pool', '-H', 'vip', '-S', '5', '-n', 'binlog.1:4', '--json', ...(isSearch ? [] : ['-pattern', 'x'])]
    const { asked, status, stdout } = await run(argv, { answer: { complaints: [], raft: { isLeader: true } } })
    assert.equal(asked.length, once.has(name) || isSearch ? 1 : 3, name)
    assert.deepEqual([status, stdout], [0, '{"complaints":[],"raft":{"isLeader":true}}\n'.repeat(asked.length)], name)
  }
})

test('servers are read from standard input where -i is a dash, else taken from the environment', async () => {
  const inputs = async (argv: readonly string[], world: World): Promise<readonly unknown[]> => (await run(['-c', 'which-cluster', ...argv], { answer: { name: '' }, ...world })).asked.map(([, { cluster }]) => cluster)
  assert.deepEqual(await inputs(['-i', '-'], { input: 'db1:3306\ndb2\n\n' }), ['db1:3306', 'db2'])
  assert.deepEqual(await inputs(['-i', '-'], { input: ' \n' }), [])
  assert.deepEqual(without(await run(['-c', 'downtimed', '-i', '-'])), own('-i -: standard input names no server, so nothing is done'))
  assert.deepEqual(await inputs([], { environment: { ORCHESTRATOR_INSTANCE: 'db5' } }), ['db5'])
  assert.deepEqual(await inputs(['-i', 'db1:1,[fe80::1]:2,fe80::1,db2', '-D', '3307'], {}), ['db1:1', '[fe80::1]:2', '[fe80::1]:3307', 'db2:3307'])
})

test('a downtime lasts ten minutes and is of the user, unless it is said otherwise', async () => {
  assert.deepEqual((await run(['-c', 'begin-downtime', '-i', 'db2', '-r', 'a/b c'])).asked, [['begin-downtime', { instance: 'db2', owner: 'ann', reason: 'a/b c', duration: '10m' }, '']])
  assert.deepEqual((await run(['-c', 'begin-downtime', '-i', 'db2', '-r', 'x', '-o', 'bob', '-u', '2h'])).asked, [['begin-downtime', { instance: 'db2', owner: 'bob', reason: 'x', duration: '2h' }, '']])
})

test('what the script prints otherwise than its program is printed as by the script', async () => {
  for (const name of Object.keys(clientPrints)) assert.ok(commands.some(({ names }) => names[0] === name), `${name} is a command`)
  const taken = { key: 'db1:3306', successor: 'db2:3306', successorCoordinates: { file: 'binlog.1', position: 4n } }
  for (const [command, answer, line] of [
    ['which-master', replica, 'db1:3306'], ['which-master', primary, ':0'], ['take-siblings', { replica, moved: [] }, 'db2:3306<db1:3306'], ['take-master', primary, 'db1:3306<:0'],
    ['clusters-alias', [{ name: 'db1:3306', alias: 'shop' }], 'db1:3306,shop'], ['graceful-master-takeover', taken, 'db2:3306'], ['graceful-master-takeover-auto', taken, 'db2:3306'],
    ['force-master-failover', taken, 'db2:3306'], ['restart-slave-statements', { replica, statements: ['stop replica;', 'say "x"'] }, '[ "stop replica;", "say \\"x\\"" ]'],
    ['replication-analysis', [{ key: 'db2:3306', clusterName: 'c', code: 'NoProblem', warnings: ['A', 'B'] }], 'db2:3306 (cluster c): A'],
    ['last-pseudo-gtid', { at: 'binlog.1:4', text: 'drop view' }, 'drop view'], ['check-global-recoveries', { enabled: false }, 'disabled'], ['repoint-replicas', { moved: [replica], source: 'db1:3306' }, 'db2:3306'],
    ['move-replicas-gtid', { moved: [replica] }, 'db2:3306'], ['async-discover', 'db2:3306', 'db2:3306'],
  ] as const) {
    const { stdout } = await run(['-c', command, '-i', 'db2', '-d', 'db1', '-a', 'shop', '-q', 'x'], { answer })
    assert.equal(stdout, `${line}\n`, command)
  }
})

test('on a terminal lists are tables, which --plain and pipes do without', async () => {
  const answer = [primary, replica]
  assert.equal((await run(['all-instances'], { answer })).stdout, 'db1:3306\ndb2:3306\n')
  assert.equal((await run(['all-instances', '--plain'], { answer, isTerminal: true })).stdout, 'db1:3306\ndb2:3306\n')
  const [heads, first, second, end] = (await run(['all-instances'], { answer, isTerminal: true })).stdout.split('\n')
  assert.match(heads ?? '', /^SERVER +CLUSTER +VERSION +WRITES +SOURCE +RECEIVER +APPLIER +LAG +STATE$/)
  assert.match(first ?? '', /^db1:3306 +db1:3306 +Unknown +writable +not seen$/)
  assert.match(second ?? '', /^db2:3306 +shop +Unknown .* db1:3306 {2}stopped {3}stopped +\? +not seen$/)
  assert.equal(end, '')
  assert.equal((await run(['all-instances'], { answer: [], isTerminal: true })).stdout, '')
  assert.equal((await run(['which-instance', '-i', 'db2'], { isTerminal: true })).stdout, 'db2:3306\n', 'one name is no table')
})

test('--json gives the whole answer, whole numbers with all their digits', async () => {
  const { stdout } = await run(['-c', 'instance', '-i', 'db2', '--json'], { answer: { key: 'db2:3306', position: 9007199254740993n } })
  assert.equal(stdout, '{"key":"db2:3306","position":9007199254740993}\n')
})

test('--dry-run shows and does nothing; what is run exactly is run by the client', async () => {
  const says = { code: 'x', parameters: {}, text: 'Relocate db2' }
  const plan = { operation: 'relocate', says, method: 'gtid', steps: [], checks: [], warnings: [], fingerprint: 'f00', command: 'orchestrator -c relocate -i db2:3306 -d db1:3306 --fingerprint f00', dangerLevel: 2, impact: [] }
  // A plan as the service shows one, without the rest.
  const shown = { state: 'plan', plan } as unknown as DryRunView
  const { stdout, status, asked } = await run(['-c', 'relocate', '-i', 'db2', '-d', 'db1', '--dry-run'], { shown })
  assert.deepEqual([status, asked], [0, [['relocate', {}, 'dry']]])
  assert.match(stdout, /\nRun exactly this: orchestrator-client -c relocate -i db2:3306 -d db1:3306 --fingerprint f00\n$/)
  assert.deepEqual(JSON.parse((await run(['-c', 'relocate', '-i', 'db2', '-d', 'db1', '--dry-run', '--json'], { shown })).stdout), shown)
  const exactly = await run(['-c', 'relocate', '-i', 'db2', '-d', 'db1', '--fingerprint', 'f00'], { answer: { replica, source: primary.key } })
  assert.deepEqual(exactly.asked, [['relocate', { instance: 'db2', destination: 'db1' }, 'f00']])
})

test('mistakes are told before anything is asked', async () => {
  for (const [argv, text] of [
    [[], 'No command given. Use orchestrator-client -c <command> [...] or orchestrator-client --command <command> [...] to do something useful'],
    [['-c', 'nosuch'], 'Unsupported command nosuch'], [['nosuch'], 'Unsupported command nosuch'], [['help', 'nosuch'], 'Unsupported command nosuch'],
    [['-c', 'dump-config'], 'Unsupported command dump-config: it is about this machine, ask orchestrator -c dump-config'], [['--what'], 'Unknown option --what'],
    [['-c', 'topology', 'shop'], 'Unexpected argument shop; a name with blanks needs quotes'], [['topology', 'shop'], 'Unexpected argument shop; a name with blanks needs quotes'],
    [['-c', 'relocate', '-i', 'a', '-s', 'b', '-d', 'c'], "-s and -d are synonyms, yet both were specified. You're probably doing the wrong thing."],
    [['-c', 'register-candidate', '-i', 'a', '-R', 'maybe'], '-promotion-rule only supports prefer|neutral|prefer_not|must_not'],
    [['-c', 'clusters', '-U', 'nowhere'], 'ORCHESTRATOR_API: "nowhere" is no address of a service, as http://localhost:3000 is'], [['completion', 'tcsh'], 'completion: bash, zsh, fish are known, and "tcsh" is not'],
  ] as const) {
    const tried = await run(argv)
    assert.deepEqual([without(tried), tried.asked], [own(text), []], argv.join(' '))
  }
})

test('help names every command, and what each of them needs', async () => {
  const list = (await run(['help'])).stdout
  for (const { names: [name] } of commands) assert.match(list, new RegExp(`\\n\t${name} `))
  assert.doesNotMatch(list, /dump-config|`orchestrator help/)
  const one = (await run(['help', 'relocate'])).stdout
  assert.match(one, /^relocate:\n.*\nExample:\n {2}orchestrator-client -c relocate -i .* -d .*\n$/s)
  assert.match((await run(['--help'])).stdout, /^Usage: orchestrator-client -c COMMAND .*--dry-run.*show the plan/s)
  assert.equal((await run(['--version'])).stdout, '1.2.3\n')
})

test('every command of the original script is one of the client', async () => {
  // The file has this shape.
  const { script } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'former-commands.json'), 'utf8')) as { readonly script: readonly string[] }
  assert.ok(script.length > 85)
  for (const name of script) assert.doesNotMatch((await run(['-c', name, ...(name === 'which-api' ? ['-U', 'nowhere'] : [])], { refused: { code: 'x', parameters: {}, text: '' } })).stderr, /Unsupported command/, name)
})

test('bash completes commands, options, servers with their ports and aliases', () => {
  const completed = (line: string): readonly string[] => {
    const script = `
      orchestrator-client() { case "$*" in *all-instances*) printf 'db1:3306\\ndb1:3307\\ndb2:3306\\n' ;; *clusters-alias*) printf 'db1:3306,shop\\ndb9:3306,stock\\n' ;; esac; }
      ${completionScripts.bash()}
      COMP_LINE=$1 COMP_POINT=\${#1}
      _orchestrator_client
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', line], { encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''], line)
    return stdout.split('\n').filter(word => word !== '')
  }
  for (const [line, words] of [
    ['orchestrator-client -c reloc', ['relocate', 'relocate-replicas']], ['orchestrator-client top', ['topology', 'topology-tabulated', 'topology-tags']],
    ['orchestrator-client -c relocate -i db1', ['db1:3306', 'db1:3307']], ['orchestrator-client -c relocate -i db1:33', ['3306', '3307']], ['orchestrator-client -d  ', ['db1:3306', 'db1:3307', 'db2:3306']],
    ['orchestrator-client -a s', ['shop', 'stock']], ['orchestrator-client -c relocate --dry', ['--dry-run']], ['orchestrator-client completion ', ['bash', 'zsh', 'fish']],
    ['orchestrator-client help which-cluster-m', ['which-cluster-master']], ['orchestrator-client -R must', ['must_not']],
  ] as const) assert.deepEqual(completed(line), words, line)
})

test('the scripts of the other shells offer every command and every option', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScripts[shell]()
    for (const { names: [name] } of commands) assert.ok(script.includes(` ${name} `) || script.includes(`'${name} `) || script.includes(` ${name}'`), `${shell}: ${name}`)
    for (const option of ['dry-run', 'fingerprint', 'json']) assert.ok(script.includes(option), `${shell}: ${option}`)
  }
})
