import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { downtimeOf } from './analyse.ts'
import { failureOf, failures, groupFailures } from './failures.ts'
import type { AnalysisFacts } from './finding.ts'
import { defaultAnalysisPolicy } from './policy.ts'
import { structureWarnings, warningsOf } from './warnings.ts'

/** The recorded decisions of the original (contract scenarios.json): facts in, code and warnings out. */
interface Row {
  readonly id: string
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly config?: { readonly EnforceExactSemiSyncReplicas?: boolean; readonly RecoverNonWriteableMaster?: boolean }
  readonly expect: {
    readonly analysis: string
    readonly structureAnalysis: readonly string[]
    readonly isReplicasDowntimed: boolean
    readonly skippableDueToDowntime: boolean
    readonly hasActionPlan: boolean
    readonly actionable: boolean
  }
}

// An edge: the file is ours, its shape is stated above.
const scenarios = JSON.parse(readFileSync(new URL('../../../test/fixtures/scenarios.json', import.meta.url), 'utf8')) as {
  analysisDefaults: Record<string, unknown>
  analysis: Row[]
}

/** Facts that the original does not have; quiet in its decisions. */
const ownFacts = { writesStalledSeconds: 0, waitsForDisk: false, replicasCutOff: 0, waitsForAcknowledgement: false, isConnectionLimitReached: false, isStaleWritable: false }

const namesInFile: Readonly<Record<Exclude<keyof AnalysisFacts, keyof typeof ownFacts>, string>> = {
  isPrimary: 'isMaster', isCoPrimary: 'isCoMaster', isGroupMember: 'isGroupMember', isBinlogServer: 'isBinlogServer',
  lastCheckValid: 'lastCheckValid', lastCheckPartialSuccess: 'lastCheckPartialSuccess',
  replicas: 'countReplicas', validReplicas: 'countValidReplicas', validReplicatingReplicas: 'countValidReplicatingReplicas',
  replicasFailingToConnect: 'countReplicasFailingToConnectToMaster', downtimedReplicas: 'countDowntimedReplicas',
  delayedReplicas: 'countDelayedReplicas', laggingReplicas: 'countLaggingReplicas', replicationDepth: 'replicationDepth',
  isFailingToConnectToSource: 'isFailingToConnectToMaster', isDowntimed: 'isDowntimed',
  oracleGtidImmediateTopology: 'oracleGTIDImmediateTopology', mariadbGtidImmediateTopology: 'mariaDBGTIDImmediateTopology',
  binlogServerImmediateTopology: 'binlogServerImmediateTopology', pseudoGtidImmediateTopology: 'pseudoGTIDImmediateTopology',
  semiSyncSourceEnabled: 'semiSyncMasterEnabled', semiSyncSourceActive: 'semiSyncMasterStatus',
  semiSyncWaitForReplicaCount: 'semiSyncMasterWaitForReplicaCount', semiSyncClients: 'semiSyncMasterClients',
  semiSyncReplicasEnabled: 'countSemiSyncReplicasEnabled', isStaleBinlogCoordinates: 'isStaleBinlogCoordinates',
  loggingReplicas: 'countLoggingReplicas', statementLoggingReplicas: 'countStatementBasedLoggingReplicas',
  mixedLoggingReplicas: 'countMixedBasedLoggingReplicas', rowLoggingReplicas: 'countRowBasedLoggingReplicas',
  distinctMajorVersionsLoggingReplicas: 'countDistinctMajorVersionsLoggingReplicas',
  gtidMode: 'gtidMode', minReplicaGtidMode: 'minReplicaGTIDMode', maxReplicaGtidMode: 'maxReplicaGTIDMode',
  maxReplicaGtidErrant: 'maxReplicaGTIDErrant', isReadOnly: 'isReadOnly',
}

function factsOfRow(row: Row): AnalysisFacts {
  const known = new Set(Object.values(namesInFile))
  for (const name of Object.keys(row.input)) assert.ok(known.has(name), `${row.id}: the fact ${name} is not known here`)
  const values: Record<string, unknown> = { countSemiSyncReplicasEnabled: 0, ...scenarios.analysisDefaults, ...row.input }
  const facts = Object.fromEntries(Object.entries(namesInFile).map(([ours, theirs]) => [ours, values[theirs]]))
  for (const [name, value] of Object.entries(facts)) assert.notEqual(value, undefined, `${row.id}: ${name} has no value`)
  return { ...facts, ...ownFacts } as unknown as AnalysisFacts // an edge: built from the table above, every value checked
}

for (const row of scenarios.analysis) {
  test(`${row.id} ${row.name}`, () => {
    const facts = factsOfRow(row)
    const policy = {
      ...defaultAnalysisPolicy,
      enforceExactSemiSyncReplicas: row.config?.EnforceExactSemiSyncReplicas ?? false,
      recoverReadOnlyPrimary: row.config?.RecoverNonWriteableMaster ?? false,
    }
    const failure = failureOf(facts, policy)
    const { isReplicasDowntimed, skippableDueToDowntime } = downtimeOf(facts, failure)
    assert.deepEqual(
      {
        analysis: failure.code, structureAnalysis: warningsOf(facts, policy), isReplicasDowntimed, skippableDueToDowntime,
        hasActionPlan: failure.remedy !== 'none', actionable: failure.remedy !== 'none' && failure.remedy !== 'report',
      },
      row.expect,
    )
  })
}

test('there are 93 recorded decisions', () => assert.equal(scenarios.analysis.length, 93))

test('every failure and every warning appears in a recorded decision, and those of our own in a case', () => {
  const own = ['CutOffSemiSyncMaster', 'DiskFullMaster', 'WritesStalledMaster', 'WritesStalledWarning', 'DiskFullWarning', 'ConnectionLimitReachedWarning', 'StaleWriteableMasterWarning']
  const cases = readFileSync(new URL('../../../test/cases/analysis/useless.case', import.meta.url), 'utf8')
  for (const code of own) assert.match(cases, new RegExp(`\\b${code}\\b`))
  const seen = new Set(scenarios.analysis.flatMap(row => [row.expect.analysis, ...row.expect.structureAnalysis]))
  const missing = [...failures, ...groupFailures, ...structureWarnings].map(entry => entry.code).filter(code => !seen.has(code) && !own.includes(code))
  assert.deepEqual(missing, [])
})
