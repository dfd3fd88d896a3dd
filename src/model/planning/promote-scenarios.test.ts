import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, PromotionRule } from '../topology/instance.ts'
import { hostOf, instanceKey } from '../topology/instance-key.ts'
import { parseVersion } from '../topology/version.ts'
import { decidePromotion, type PromotionDecision } from './promote.ts'
import { defaultPromotionPolicy, promotionIgnores, type PromotionPolicy } from './promote-policy.ts'
import { rankCandidates } from './promote-rank.ts'

/** The recorded choices of the original (contract scenarios.json). */
interface Row {
  readonly id: string
  readonly name: string
  readonly failedMaster: { readonly host: string; readonly dc: string; readonly env: string; readonly region: string }
  readonly replicas: readonly Partial<Replica>[]
  readonly designated?: string
  readonly config?: Readonly<Record<string, unknown>>
  readonly expect: {
    readonly promoted: string | null
    readonly refusedBecause: string | null
    readonly secondStep: string | null
    readonly firstChoice: string | null
    readonly idealFirstChoice?: boolean
    readonly groups?: Readonly<Record<'ahead' | 'equal' | 'later' | 'cannotReplicate', readonly string[]>>
    readonly lostIfNotPostponed?: readonly string[]
    readonly selectionError?: string
  }
}

interface Replica {
  readonly host: string
  readonly valid: boolean
  readonly logBin: boolean
  readonly logReplicaUpdates: boolean
  readonly binlogServer: boolean
  readonly version: string
  readonly binlogFormat: string
  readonly exec: string
  readonly dc: string
  readonly env: string
  readonly region: string
  readonly rule: PromotionRule
  readonly errantGTID: string
  readonly lagSeconds: number
  readonly sqlThreadUpToDate: boolean
  readonly serverId: number | null
}

// An edge: the file is ours, its shape is stated above.
const scenarios = JSON.parse(readFileSync(new URL('../../../test/fixtures/scenarios.json', import.meta.url), 'utf8')) as { replicaDefaults: Replica; promotion: Row[] }

function replicaOf(row: Partial<Replica>, failed: string): Instance {
  const facts: Replica = { ...scenarios.replicaDefaults, ...row }
  const [file = '', position = '0'] = facts.exec.split(':')
  const executed = { file, position: BigInt(position) }
  const read = facts.sqlThreadUpToDate ? executed : { file, position: executed.position + 1000n }
  const link = { ...bareLink(instanceKey(failed, 3306)), gtid: 'mysql' as const, receiver: 'connecting' as const, applier: 'running' as const }
  const replication = { ...link, readCoordinates: read, executedCoordinates: executed }
  return {
    ...bareInstance(instanceKey(facts.host, 3306)), serverId: facts.serverId ?? 0, version: parseVersion(facts.version, ''), logBin: facts.logBin,
    logReplicaUpdates: facts.logReplicaUpdates, isBinlogServer: facts.binlogServer, binlogFormat: facts.binlogFormat, gtidMode: 'ON',
    dataCenter: facts.dc, physicalEnvironment: facts.env, region: facts.region, promotionRule: facts.rule, errantGtidSet: facts.errantGTID,
    replicationLagSeconds: facts.lagSeconds, replication, channels: [replication], replicationDepth: 1, clusterName: instanceKey(failed, 3306),
    check: { lastAttemptedAt: 10, lastCheckedAt: 10, lastSeenAt: facts.valid ? 10 : 5, partialSuccess: false, failure: null, latencyMilliseconds: 1 },
  }
}

const settings: Readonly<Record<string, (value: unknown) => Partial<PromotionPolicy>>> = {
  PromotionIgnoreHostnameFilters: value => ({ ignored: promotionIgnores(value as string[]).accepted }),
  PreventCrossDataCenterMasterFailover: value => ({ preventCrossDataCenter: value === true }),
  PreventCrossRegionMasterFailover: value => ({ preventCrossRegion: value === true }),
  FailMasterPromotionOnLagMinutes: value => ({ failOnLagMinutes: Number(value) }),
  FailMasterPromotionIfSQLThreadNotUpToDate: value => ({ failIfApplierBehind: value === true }),
  ReplicationLagQuery: () => ({}),
}

function policyOf(row: Row): PromotionPolicy {
  return Object.entries(row.config ?? {}).reduce((policy, [name, value]) => {
    const set = settings[name]
    assert.ok(set, `${row.id}: the setting ${name} is not known here`)
    return { ...policy, ...set(value) }
  }, defaultPromotionPolicy)
}

const hosts = (replicas: readonly Instance[]): string[] => replicas.map(replica => hostOf(replica.key)).sort()
const host = (replica: Instance | null): string | null => (replica === null ? null : hostOf(replica.key))

const wordsOfSecondStep: Readonly<Record<string, string>> = {
  'keep-good': 'kept: good candidate',
  'keep-nothing-better': 'kept: nothing better',
  'keep-not-below': 'kept: suggested one is not a replica of the promoted',
  'keep-designated': 'kept: is the designated one',
}

function secondStep({ choice, replacement }: PromotionDecision): string | null {
  if (choice.candidate === null) return null
  if (replacement === null) return 'skipped: ideal'
  return replacement.by === null ? (wordsOfSecondStep[replacement.because.code] ?? replacement.because.code) : 'replaced'
}

for (const row of scenarios.promotion) {
  test(`${row.id} ${row.name}`, () => {
    const { failedMaster: failed, expect } = row
    const site = { key: instanceKey(failed.host, 3306), dataCenter: failed.dc, physicalEnvironment: failed.env, region: failed.region }
    const replicas = row.replicas.map(replica => replicaOf(replica, failed.host))
    const question = { failed: site, replicas, further: [], designated: row.designated === undefined ? null : instanceKey(row.designated, 3306), policy: policyOf(row) }
    const decision = decidePromotion(question)
    const { choice } = decision
    assert.equal(host(choice.candidate), expect.firstChoice)
    assert.equal(host(decision.promoted), expect.promoted)
    assert.equal(secondStep(decision), expect.secondStep)
    assert.equal(choice.unfit?.text, expect.selectionError)
    if (expect.idealFirstChoice !== undefined) assert.equal(decision.isFirstChoiceIdeal, expect.idealFirstChoice)
    if (expect.groups !== undefined) {
      const { ahead, equal, later, cannotReplicate } = choice
      assert.deepEqual({ ahead: hosts(ahead), equal: hosts(equal), later: hosts(later), cannotReplicate: hosts(cannotReplicate) }, expect.groups)
    }
    if (expect.lostIfNotPostponed !== undefined) assert.deepEqual(hosts([...choice.ahead, ...choice.cannotReplicate]), expect.lostIfNotPostponed)
    if (expect.refusedBecause === null) assert.equal(decision.refused, null)
    else if (choice.candidate !== null) assert.equal(decision.refused?.code, expect.refusedBecause)
    else assert.equal(decision.refused?.code, 'no-candidate')

    const ranked = rankCandidates(question)
    assert.deepEqual(ranked.filter(candidate => candidate.verdict === 'best').map(candidate => hostOf(candidate.key)), expect.promoted === null ? [] : [expect.promoted])
    assert.deepEqual(ranked.map(candidate => candidate.rank), replicas.map((_, index) => index + 1), 'everyone is ranked')
    for (const candidate of ranked) if (candidate.verdict === 'refused') assert.ok(candidate.reasons.length > 0, `${candidate.key} is refused without a reason`)
  })
}

test('there are 41 recorded choices', () => assert.equal(scenarios.promotion.length, 41))
