import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const three = [{ name: 'primary' }, { name: 'replica-1' }, { name: 'replica-2' }]

async function threeServers(): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: three })
  await Promise.all(['replica-1', 'replica-2'].map(name => sandbox.replicate(name, 'primary')))
  await Promise.all(['replica-1', 'replica-2'].map(name => sandbox.server(name).sql('SET GLOBAL super_read_only = ON')))
  return sandbox
}

test('a PreFailover hook that fails stops its list and the recovery: nothing is touched, no later hook runs, the record is ended and blocks', async () => {
  await using sandbox = await threeServers()
  const told = join(sandbox.folder, 'told')
  await using lab = await Lab.start(sandbox, {
    ...verbose, recovery: { preFailover: [`echo one >> ${told}`, 'echo bad thing; exit 3', `echo three >> ${told}`], postUnsuccessfulFailover: [`echo unsuccessful >> ${told}`] },
  })
  await sandbox.server('primary').kill()
  let uid = ''
  await lab.until('the failure of the hook is recorded', async () => {
    const [recovery] = await lab.store.recoveries.list({ page: 0 })
    uid = recovery?.uid ?? ''
    return recovery !== undefined && recovery.errors.length === 1 && !lab.recoveries.isUnderWay(uid)
  })
  await sleep(1500)
  const [recovery, ...others] = await lab.store.recoveries.list({ page: 0 })
  assert.deepEqual(others, [])
  assert.deepEqual([recovery?.isActive, typeof recovery?.endedAt, recovery?.isSuccessful], [true, 'number', false])
  assert.match(recovery?.errors[0] ?? '', /^Execution of PreFailoverProcesses hook 2 of 3 failed in .* with error: \(exit status 3\) bad thing/)
  assert.equal(await readFile(told, 'utf8'), 'one\n')
  const steps = await lab.store.recoveries.steps(uid)
  assert.ok(steps.some(({ message }) => message === 'Not running further PreFailoverProcesses hooks'))
  assert.equal((await sandbox.server('replica-1').row<{ Replica_IO_State: string; Replica_IO_Running: string }>('SHOW REPLICA STATUS')).Replica_IO_Running, 'Connecting')
})

test('a hook that hangs is ended with its time, one in the background delays nobody, and a failing one after the promotion stops nothing', async () => {
  await using sandbox = await threeServers()
  const told = join(sandbox.folder, 'told')
  await using lab = await Lab.start(sandbox, {
    ...verbose,
    recovery: {
      hookTimeoutSeconds: 1, onFailureDetection: [`echo "detected {failureDescription}" >> ${told}`],
      postPrimaryFailover: [`sleep 1; echo async >> ${told} &`, 'sleep 300', 'false', `cat > ${told}.json; echo third >> ${told}`], postFailover: [`echo after >> ${told}`],
    },
  })
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.equal(recovery.isSuccessful, true)
  await lab.until('the background hook has ended', async () => (await readFile(told, 'utf8')).includes('async'))
  const lines = (await readFile(told, 'utf8')).trim().split('\n')
  assert.equal(lines[0], 'detected Master cannot be reached by orchestrator and none of its replicas is replicating')
  assert.deepEqual(lines.slice(1).toSorted(), ['after', 'async', 'third'])
  const messages = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.ok(messages.some(message => /^Execution of PostMasterFailoverProcesses hook 2 of 4 failed in .*\(ended because its time was over\)/.test(message)))
  assert.ok(messages.some(message => /^Execution of PostMasterFailoverProcesses hook 3 of 4 failed in .*\(exit status 1\)/.test(message)))
  assert.ok(messages.includes('done running PostMasterFailoverProcesses hooks'))
  const document: { successor: { server: string }; failed: string } = JSON.parse(await readFile(`${told}.json`, 'utf8'))
  assert.deepEqual([document.failed, document.successor.server], [lab.key('primary'), recovery.successor])
})

test('a detection hook that fails holds the recovery back once, and the next pass recovers', async () => {
  await using sandbox = await threeServers()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { onFailureDetection: ['false'] } })
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.equal(recovery.isSuccessful, true)
})

test('a preferred replica that lacks something is fed and promoted in place of the most advanced one, and the hooks of take-master are told of both, whether hooks are wished or not', async () => {
  await using sandbox = await threeServers()
  const told = join(sandbox.folder, 'told')
  await using lab = await Lab.start(sandbox, {
    ...verbose, recovery: { primaryFilters: [], preFailover: [`echo never >> ${told}`], postTakeSource: [`echo "$1 $2 $ORC_SUCCESSOR_HOST $ORC_FAILED_HOST {failureType}" >> ${told}`, 'false'] },
  })
  lab.inventory.setPromotionRule(lab.key('replica-2'), 'prefer')
  await sandbox.server('replica-2').sql('STOP REPLICA IO_THREAD')
  await sandbox.server('primary').sql('CREATE DATABASE fetched')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  await sandbox.server('primary').kill()
  await lab.until('the failure is seen', () => lab.recoveries.findings().some(({ key, code }) => key === lab.key('primary') && code === 'DeadMaster'))
  const recovered = await lab.recoveries.recover(lab.key('primary'), { runHooks: false, by: 'test' })
  assert.ok(recovered.ok && recovered.value !== null)
  assert.equal(lab.nameOf(recovered.value.successor), 'replica-2')
  const [successor, other] = [lab.key('replica-2'), lab.key('replica-1')]
  assert.equal(await readFile(told, 'utf8'), `${successor} ${other} ${successor} ${other} {failureType}\n`)
  const messages = (await lab.store.recoveries.steps(recovered.value.uid)).map(({ message }) => message)
  assert.ok(messages.includes(`success promoting ${successor} over ${other}`))
  assert.equal((await sandbox.server('replica-2').sql("SHOW DATABASES LIKE 'fetched'")).length, 1)
})

test('under -noop a failover is attempted, runs no hook and sends nothing that changes a server', async () => {
  await using sandbox = await threeServers()
  const told = join(sandbox.folder, 'told')
  await using lab = await Lab.start(sandbox, { ...verbose, changesNothing: true, recovery: { onFailureDetection: [`echo never >> ${told}`], preFailover: [`echo never >> ${told}`], postUnsuccessfulFailover: [`echo never >> ${told}`] } })
  await Promise.all(['replica-1', 'replica-2'].map(name => sandbox.server(name).sql("SET GLOBAL general_log = 1, GLOBAL log_output = 'TABLE'")))
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, recovery.successor], [false, null])
  const messages = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.ok(messages.some(message => message.startsWith('noop: no server is changed')), messages.join('\n'))
  for (const name of ['replica-1', 'replica-2']) {
    const changes = await sandbox.server(name).sql<{ argument: string }>("SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE argument REGEXP '^(STOP|START|CHANGE|RESET|SET GLOBAL (super_)?read_only)'")
    assert.deepEqual(changes, [], name)
    assert.equal((await sandbox.server(name).row<{ Replica_IO_Running: string }>('SHOW REPLICA STATUS')).Replica_IO_Running, 'Connecting')
  }
  await assert.rejects(readFile(told, 'utf8'), { code: 'ENOENT' })
})

test('the hooks of a takeover run in their order and know the command', async () => {
  await using sandbox = await threeServers()
  const told = join(sandbox.folder, 'told')
  const hook = (name: string): readonly string[] => [`echo "${name} {command} {failureType} {successorPort} {isSuccessful}" >> ${told}`]
  await using lab = await Lab.start(sandbox, {
    ...verbose,
    recovery: {
      preGracefulTakeover: hook('pre-graceful'), onFailureDetection: hook('detected'), preFailover: hook('before'), postPrimaryFailover: hook('master'),
      postFailover: hook('after'), postGracefulTakeover: hook('post-graceful'), postUnsuccessfulFailover: hook('unsuccessful'),
    },
  })
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  const { port } = sandbox.server('replica-1')
  const facts = 'graceful-master-takeover DeadMaster'
  assert.deepEqual((await readFile(told, 'utf8')).trim().split('\n'), [
    `pre-graceful ${facts} ${port} true`, `detected ${facts} {successorPort} false`, `before ${facts} {successorPort} false`,
    `master ${facts} ${port} true`, `after ${facts} ${port} true`, `post-graceful ${facts} ${port} true`,
  ])
})

test('a PreFailover hook that fails during a takeover gives writes back to the old primary', async () => {
  await using sandbox = await threeServers()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { preFailover: ['exit 4'] } })
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' })
  assert.equal(taken.ok, false)
  assert.match(taken.ok ? '' : taken.failure.text, /PreFailoverProcesses hook 1 of 1 failed/)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
  assert.deepEqual(await sandbox.server('replica-1').row('SELECT @@read_only AS ro'), { ro: 1 })
})
