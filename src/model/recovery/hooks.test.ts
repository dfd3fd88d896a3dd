import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from '../analysis/facts.ts'
import { noMemory } from '../analysis/memory.ts'
import { defaultAnalysisPolicy } from '../analysis/policy.ts'
import { bareInstance } from '../topology/fresh-instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { hookCommand, readAsync } from './hook-command.ts'
import { hookDocument } from './hook-document.ts'
import { hookLists, listsAt } from './hook-lists.ts'
import { environmentOf, type HookOccasion, placeholdersOf, tookSourceCommand } from './hook-values.ts'
import { remedies } from './remedies.ts'

const facts = { ...factsOf(bareInstance(instanceKey('127.0.0.1', 3308)), [], defaultAnalysisPolicy, noMemory, 0), replicas: 2 }
const occasion: HookOccasion = {
  code: 'DeadMaster', description: 'Master cannot be reached by orchestrator and none of its replicas is replicating', failed: instanceKey('127.0.0.1', 3308), facts,
  replicas: [instanceKey('127.0.0.1', 3309), instanceKey('127.0.0.1', 3310)], replicaCount: 2, clusterName: '127.0.0.1:3308', clusterAlias: 'ci', clusterDomain: '',
  command: '', coversPrimary: true, coversIntermediate: true, node: 'orc-host', recoveryUid: '1795327868164819469:efbc', lostReplicas: [], successor: null,
}
const promoted: HookOccasion = { ...occasion, successor: { key: instanceKey('127.0.0.1', 3309), alias: '', coordinates: { file: 'binlog.000001', position: 867n } } }

/** One line with every placeholder, as the recorded hooks of the original wrote it. */
const everything =
  "echo 'type={failureType} desc={failureDescription} cmd={command} failed={failedHost}:{failedPort} cluster={failureCluster} alias={failureClusterAlias} domain={failureClusterDomain} succ={successorHost}:{successorPort} succalias={successorAlias} coords={successorBinlogCoordinates} countReplicas={countReplicas} countSlaves={countSlaves} replicaHosts={replicaHosts} slaveHosts={slaveHosts} isDowntimed={isDowntimed} isSuccessful={isSuccessful} lostReplicas={lostReplicas} countLost={countLostReplicas} lostSlaves={lostSlaves} autoM={autoMasterRecovery} autoIM={autoIntermediateMasterRecovery} host={orchestratorHost} instType={instanceType} isMaster={isMaster} isCoMaster={isCoMaster} uid={recoveryUID}'"

test('before a successor is known its placeholders stay as they are', () => {
  assert.equal(
    hookCommand(everything, occasion).text,
    "echo 'type=DeadMaster desc=Master cannot be reached by orchestrator and none of its replicas is replicating cmd= failed=127.0.0.1:3308 cluster=127.0.0.1:3308 alias=ci domain=127.0.0.1:3308 succ={successorHost}:{successorPort} succalias={successorAlias} coords={successorBinlogCoordinates} countReplicas=2 countSlaves=2 replicaHosts=127.0.0.1:3309,127.0.0.1:3310 slaveHosts=127.0.0.1:3309,127.0.0.1:3310 isDowntimed=false isSuccessful=false lostReplicas= countLost=0 lostSlaves= autoM=true autoIM=true host=orc-host instType=master isMaster=true isCoMaster=false uid=1795327868164819469:efbc'",
  )
})

test('with a successor every placeholder has its value, as recorded from the original', () => {
  const text = hookCommand(everything, promoted).text
  assert.ok(text.includes('succ=127.0.0.1:3309 succalias= coords=binlog.000001:867'), text)
  assert.ok(text.includes('isSuccessful=true'))
  assert.ok(!/[{}]/.test(text), text)
})

test('the environment has the recorded variables, and those of the successor only when it is known', () => {
  const recorded = [
    'ORC_AUTO_INTERMEDIATE_MASTER_RECOVERY=true', 'ORC_AUTO_MASTER_RECOVERY=true', 'ORC_COMMAND=', 'ORC_COUNT_REPLICAS=2', 'ORC_FAILED_HOST=127.0.0.1', 'ORC_FAILED_PORT=3308',
    'ORC_FAILURE_CLUSTER=127.0.0.1:3308', 'ORC_FAILURE_CLUSTER_ALIAS=ci', 'ORC_FAILURE_CLUSTER_DOMAIN=127.0.0.1:3308',
    'ORC_FAILURE_DESCRIPTION=Master cannot be reached by orchestrator and none of its replicas is replicating', 'ORC_FAILURE_TYPE=DeadMaster', 'ORC_INSTANCE_TYPE=master',
    'ORC_IS_CO_MASTER=false', 'ORC_IS_DOWNTIMED=false', 'ORC_IS_MASTER=true', 'ORC_IS_SUCCESSFUL=false', 'ORC_LOST_REPLICAS=', 'ORC_ORCHESTRATOR_HOST=orc-host',
    'ORC_RECOVERY_UID=1795327868164819469:efbc', 'ORC_REPLICA_HOSTS=127.0.0.1:3309,127.0.0.1:3310',
  ]
  const lines = (of: HookOccasion): string[] => Object.entries(environmentOf(of)).map(([name, value]) => `${name}=${value}`).sort()
  // The original has a placeholder for their number, and no variable.
  assert.deepEqual(lines(occasion), [...recorded, 'ORC_COUNT_LOST_REPLICAS=0'].sort())
  assert.deepEqual(lines(promoted).filter(line => line.startsWith('ORC_SUCCESSOR')), [
    'ORC_SUCCESSOR_ALIAS=', 'ORC_SUCCESSOR_BINLOG_COORDINATES=binlog.000001:867', 'ORC_SUCCESSOR_HOST=127.0.0.1', 'ORC_SUCCESSOR_PORT=3309',
  ])
  const unresolved = environmentOf({ ...promoted, successor: { key: instanceKey('127.0.0.1', 3309), alias: '', coordinates: null } })
  assert.equal(unresolved['ORC_SUCCESSOR_BINLOG_COORDINATES'], undefined)
})

test('a missing alias is told as the cluster name, a missing domain too unless a command named the cluster', () => {
  const nameless = placeholdersOf({ ...occasion, clusterAlias: '' })
  assert.equal(nameless.get('failureClusterAlias'), '127.0.0.1:3308')
  assert.equal(placeholdersOf({ ...occasion, command: 'graceful-master-takeover' }).get('failureClusterDomain'), '')
  assert.equal(placeholdersOf({ ...occasion, clusterDomain: 'ci.example', command: 'force-master-failover' }).get('failureClusterDomain'), 'ci.example')
})

test('a description with an apostrophe is no syntax error any more', () => {
  const locked = { ...occasion, description: "Semi sync master is locked since it doesn't get enough replica acknowledgements" }
  assert.equal(hookCommand("echo '{failureDescription}'", locked).text, "echo 'Semi sync master is locked since it doesn'\\''t get enough replica acknowledgements'")
})

test('a command that ends with & is not waited for, and a value cannot make it so', () => {
  assert.deepEqual(readAsync(' sleep 6 && true & '), { text: 'sleep 6 && true ', isAsync: true })
  assert.deepEqual(readAsync('notify &&'), { text: 'notify ', isAsync: true })
  assert.equal(hookCommand('sleep 6 &', occasion).description, 'sleep 6  (async)')
  assert.equal(hookCommand('notify {command}', { ...occasion, command: '&' }).isAsync, false)
})

test('lists run in the order of the contract', () => {
  assert.deepEqual(listsAt('succeeded', 'promote-replica'), ['PostMasterFailoverProcesses', 'PostFailoverProcesses'])
  assert.deepEqual(listsAt('succeeded', 'replace-intermediate'), ['PostIntermediateMasterFailoverProcesses', 'PostFailoverProcesses'])
  assert.deepEqual(listsAt('succeeded', 'repair-semi-sync'), ['PostFailoverProcesses'])
  assert.deepEqual(listsAt('before', 'promote-replica'), ['PreFailoverProcesses'])
  assert.deepEqual(listsAt('before', 'repair-semi-sync'), [])
  assert.deepEqual(listsAt('failed', 'promote-co-primary'), ['PostUnsuccessfulFailoverProcesses'])
  const aborting = Object.entries(hookLists).filter(([, list]) => list.onFailure === 'abort').map(([name]) => name)
  assert.deepEqual(aborting, ['OnFailureDetectionProcesses', 'PreGracefulTakeoverProcesses', 'PreFailoverProcesses'])
  assert.deepEqual([remedies['promote-replica'].whenHookBeforeFails, remedies['replace-intermediate'].whenHookBeforeFails], ['not-attempted', 'unsuccessful'])
})

test('hooks after a takeover of the source get two variables and two arguments', () => {
  assert.deepEqual(tookSourceCommand(instanceKey('db2', 3306), instanceKey('db1', 3306)), {
    environment: { ORC_SUCCESSOR_HOST: 'db2:3306', ORC_FAILED_HOST: 'db1:3306' }, args: ['db2:3306', 'db1:3306'],
  })
})

test('the document on standard input is JSON with the same facts', () => {
  const document: unknown = JSON.parse(hookDocument('PostFailoverProcesses', promoted))
  assert.deepEqual(document, {
    list: 'PostFailoverProcesses', failureType: 'DeadMaster', failureDescription: occasion.description, instanceType: 'master', command: '', failed: '127.0.0.1:3308',
    cluster: { name: '127.0.0.1:3308', alias: 'ci', domain: '' }, isDowntimed: false, recoversPrimary: true, recoversIntermediate: true, node: 'orc-host',
    recoveryUid: '1795327868164819469:efbc', isSuccessful: true, replicas: ['127.0.0.1:3309', '127.0.0.1:3310'], lostReplicas: [],
    successor: { server: '127.0.0.1:3309', alias: '', binlogCoordinates: 'binlog.000001:867' },
  })
})
