import type { Command, CommandOf } from '../../src/engine/journal/commands.ts'
import { plainRecovery } from '../../src/engine/journal/recovery-json.ts'
import type { Plan } from '../../src/model/planning/plan.ts'
import type { PromotionRule } from '../../src/model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../src/model/topology/instance-key.ts'

export const aSecond = Date.UTC(2026, 10, 22, 6, 0, 0)
const minute = 60_000

/** Numbers that look random and come again with the same seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const servers: readonly InstanceKey[] = Array.from({ length: 6 }, (_, index) => instanceKey(`db${index + 1}`, 3306))
const clusters = ['db1:3306', 'db2:3306', 'db3:3306'] as const
const rules: readonly PromotionRule[] = ['must', 'prefer', 'neutral', 'prefer_not', 'must_not']
/** Columns of the original's tables on MySQL know ASCII alone here and there. */
export const plainTexts: readonly string[] = ['plain', '', "it's", 'ann', 'a\nb', 'x'.repeat(100)]
const anyTexts = [...plainTexts, '磁盘故障', 'x'.repeat(300)]

type Random = (below: number) => number

/** One command of each kind, about few servers and numbers, so that they meet. A kind that is missing does not compile. */
const makers: { readonly [Kind in Exclude<Command['do'], 'adopt-memory'>]: (a: Values) => Omit<CommandOf<Kind>, 'do'> } = {
  'begin-downtime': a => ({ key: a.server(), downtime: { owner: a.text(), reason: a.text(), beginsAt: a.at, endsAt: a.at + a.below(20) * minute } }),
  'end-downtime': a => ({ key: a.server(), kind: 'end-downtime' }),
  'forget': a => ({ keys: a.some(), kind: 'forget' }),
  'set-alias': a => ({ clusterName: a.cluster(), alias: a.one(['shop', 'mail', 'crm']) }),
  'rename-cluster': a => ({ from: a.cluster(), to: a.cluster() }),
  'register-candidate': a => ({ key: a.server(), rule: a.one(rules), at: a.at }),
  'put-tag': a => ({ tag: { key: a.server(), name: a.one(['role', 'dc']), value: a.text() }, at: a.at }),
  'remove-tag': a => ({ keys: a.some(), name: a.one(['role', 'dc']) }),
  'submit-pool': a => ({ pool: a.one(['p1', 'p2']), keys: a.some(), at: a.at }),
  'set-virtual-name': a => ({ host: a.one(['db1', 'db2']), name: a.one(['', 'vip1', 'vip2']), at: a.at }),
  'switch-recoveries': a => ({ disabled: a.below(2) === 0 ? null : { since: a.at, by: 'ann' } }),
  'begin-maintenance': a => ({ key: a.server(), maintenance: { owner: a.text(), reason: a.text(), beganAt: a.at, endsAt: a.below(3) === 0 ? null : a.at + minute } }),
  'end-maintenance': a => ({ key: a.server() }),
  'end-maintenance-by-id': a => ({ id: a.below(30) }),
  'expire-maintenances': a => ({ at: a.at }),
  'expire-downtimes': a => ({ at: a.at }),
  'expire-candidates': a => ({ before: a.at - 20 * minute }),
  'expire-pools': a => ({ before: a.at - 20 * minute }),
  'expire-virtual-names': a => ({ before: a.at - 20 * minute }),
  'take-locks': a => ({ keys: a.some(), request: { owner: a.one(['orc', 'ann']), reason: 'move', at: a.at, process: a.process() } }),
  'release-locks': a => ({ ids: [a.below(40), a.below(40)] }),
  'drop-dead-locks': a => ({ token: a.process().token }),
  'take-lease': a => ({ clusterName: a.cluster(), holder: a.process() }),
  'release-lease': a => ({ clusterName: a.cluster(), holder: a.process(), number: a.below(200) }),
  'suggest-candidate': a => ({ key: a.server(), rule: a.one(rules), at: a.at }),
  'suggest-alias': a => ({ clusterName: a.cluster(), alias: a.one(['shop', 'mail', 'crm']) }),
  'suggest-domain': a => ({ clusterName: a.cluster(), domain: a.one(['shop.example.com', 'mail.example.com']) }),
  'note-injected': a => ({ clusterName: a.cluster(), at: a.at }),
  'put-key-values': a => ({ pairs: [{ key: `mysql/master/${a.one(['shop', 'mail'])}`, value: a.server() }, { key: 'other', value: a.text() }], at: a.at }),
  'set-attribute': a => ({ name: a.one(['d1', 'd2']), value: a.server(), at: a.at }),
  'register-detection': a => ({
    detection: {
      key: a.server(), code: a.one(['DeadMaster', 'UnreachableMaster']), description: a.text(), clusterName: a.cluster(), clusterAlias: 'shop', replicas: a.some(),
      isActionable: a.below(2) === 0, startedAt: a.at, nodeHostname: a.process().hostname, nodeToken: a.process().token,
    },
  }),
  'end-detections': a => ({ where: a.one([{ key: a.server() }, { clusterName: a.cluster() }, { startedBefore: a.at - minute }]), at: a.at }),
  'register-recovery': a => ({ recovery: a.recovery(null) }),
  'update-recovery': a => {
    const recovery = a.recovery(a.below(30))
    return { id: recovery.id ?? 0, recovery }
  },
  'acknowledge-recoveries': a => ({ where: a.one([{ id: a.below(30) }, { clusterName: a.cluster() }, { key: a.server(), activeOnly: true }]), by: { at: a.at, by: 'ann', comment: a.text() } }),
  'end-active-periods': a => ({ startedBefore: a.at - 5 * minute, at: a.at }),
  'append-recovery-step': a => ({
    step: { recoveryUid: a.uid(), at: a.at, stage: 'promotion', server: a.below(2) === 0 ? null : a.server(), message: a.text(), outcome: 'done', durationMilliseconds: a.below(99) },
  }),
  'block-recovery': a => ({ blocked: { key: a.server(), clusterName: a.cluster(), code: 'DeadMaster', lastBlockedAt: a.at, blockingRecoveryId: a.below(30) } }),
  'unblock-recoveries': a => ({ where: a.one([{ blockingRecoveryId: a.below(30) }, { lastBlockedBefore: a.at - minute }]) }),
  'begin-intent': a => ({ intent: { plan: aPlan(a.server()), by: 'ann', recoveryUid: a.one(['', a.uid()]), startedAt: a.at, process: a.process() } }),
  'step-intent': a => ({ id: a.below(20), number: a.below(4), state: a.one(['begun', 'done', 'failed', 'skipped']), bound: a.one([null, 'uuid:1-5']) }),
  'end-intent': a => ({ id: a.below(20), state: a.one(['done', 'failed', 'undone']) }),
  'take-over-intent': a => ({ intent: { id: a.below(20), process: a.one([null, a.process()]) }, process: a.process() }),
  'submit-agent': a => ({ agent: { host: a.one(['db1', 'db2', 'db3']), port: 3002, token: a.one(['t1', 't2']) }, at: a.at }),
  'note-agent': a => ({ host: a.one(['db1', 'db2', 'db4']), at: a.at, seen: a.one([null, { mysqlPort: a.one([null, 3306]), snapshots: a.below(5) }]) }),
  'expire-agents': a => ({ submittedBefore: a.at - 20 * minute }),
  'put-host-attribute': a => ({ attribute: { host: a.one(['db1', 'db2']), name: a.one(['rack', 'role']), value: a.one(['r1', 'r2', '']), submittedAt: a.at } }),
  'begin-seed': a => ({ seed: { target: a.one(['db1', 'db2']), source: a.one(['db3', 'db4']), startedAt: a.at } }),
  'append-seed-step': a => ({ step: { seed: a.below(20), at: a.at, action: a.one(['Done', 'Copied 1/2 bytes (50%)']), error: a.one(['', 'no']) } }),
  'fail-seed-step': a => ({ id: a.below(40), error: a.one(['gone', "it's busy"]) }),
  'end-seed': a => ({ id: a.below(20), at: a.at, isSuccessful: a.below(2) === 0 }),
  'issue-token': a => ({ token: a.token() }),
  'take-token': a => ({ taken: { token: a.token(), keptSecret: 'sha256:00', at: a.at } }),
  'expire-tokens': a => ({ before: a.at - 20 * minute }),
  'purge': a => ({ limits: { recoveries: a.at - 300 * minute, recoverySteps: a.at - 300 * minute, detections: a.at - 300 * minute, maintenances: a.at - 200 * minute, intents: a.at - 200 * minute } }),
  'know-servers': a => ({ keys: a.some() }),
}

export const commandKinds = Object.keys(makers) as (keyof typeof makers)[] // Object.keys forgets the names

class Values {
  readonly at: number
  readonly below: Random

  readonly #texts: readonly string[]

  constructor(below: Random, at: number, texts: readonly string[]) {
    this.below = below
    this.at = at
    this.#texts = texts
  }

  one<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }

  server = (): InstanceKey => this.one(servers)
  some = (): readonly InstanceKey[] => servers.filter(() => this.below(3) === 0)
  cluster = (): string => this.one(clusters)
  text = (): string => this.one(this.#texts)
  uid = (): string => `uid-${this.below(30)}`
  token = () => ({ publicToken: this.one(['p1', 'p2', 'p3']), secret: 's', generatedAt: this.at, owner: this.one(['ann', 'bob']), isAcquired: false, isReentrant: this.below(3) === 0 })
  process = (): { readonly hostname: string; readonly token: string } => ({ hostname: 'host', token: this.one(['t1', 't2', 't3']) })

  recovery(id: number | null): ReturnType<typeof plainRecovery> {
    const recovery = {
      uid: this.uid(), key: this.server(), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: 'ann', clusterName: this.cluster(),
      clusterAlias: 'shop', replicas: this.some(), successor: this.one([null, this.server()]), successorAlias: '',
      successorCoordinates: this.one([null, { file: 'binlog.000001', position: 9007199254740993n }]), isSuccessful: this.below(2) === 0, isActive: this.below(2) === 0,
      lostReplicas: this.some(), participants: this.some(), errors: [this.text()], startedAt: this.at - 1000, endedAt: this.one([null, this.at]),
      acknowledged: this.one([null, { at: this.at, by: 'bob', comment: this.text() }]), detectionId: this.below(10), nodeHostname: 'host', nodeToken: 't1',
    } as const
    return plainRecovery(id === null ? recovery : { ...recovery, id })
  }
}

const aPlan = (on: InstanceKey): Plan => ({
  kind: 'relocate', says: { code: 'relocate', parameters: { replica: on }, text: 'Move it' },
  steps: [{ number: 1, wave: 1, step: { do: 'stop-receiver', on }, requires: [], ifStoppedHere: { code: 'x', parameters: {}, text: 'nothing is lost' }, onFailure: 'stop', undo: [] }],
  concerns: [on], warnings: [], checks: [], method: 'gtid', fingerprint: 'f00',
})

/** So many commands; time goes on by about half a minute with each. */
export function randomCommands(seed: number, count: number, texts: readonly string[] = anyTexts): readonly { readonly command: Command; readonly at: number }[] {
  const below = randomOf(seed)
  let at = aSecond
  return Array.from({ length: count }, () => {
    at += below(60) * 1000 // whole seconds, as the original's tables hold them
    const values = new Values(below, at, texts)
    const kind = values.one(commandKinds)
    return { command: { do: kind, ...makers[kind](values) } as Command, at } // the maker of a kind makes what that kind needs
  })
}
