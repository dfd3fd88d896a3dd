import type { Settings } from '../config/settings.ts'
import { factTasks } from '../engine/housekeeping/fact-tasks.ts'
import type { Task } from '../engine/housekeeping/housekeeping.ts'
import { housekeepingTasks } from '../engine/housekeeping/tasks.ts'
import { AnalysisChangelog } from '../engine/journal/analysis-changelog.ts'
import { pseudoGtidTasks } from '../engine/pseudo-gtid/tasks.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from './engine.ts'
import type { OwnHour } from './own-hour.ts'
import { standingLines } from './standing-lines.ts'

export interface TasksWish {
  readonly settings: Settings
  readonly log: Log
  readonly changesNothing: boolean
  readonly own: OwnHour
}

/** Everything that a service does again and again by the clock, beside reading servers. */
export function tasksOf(engine: Engine, { settings, log, changesNothing, own }: TasksWish): readonly Task[] {
  const { store, managers, inventory, discovery, app, publisher } = engine
  const hasOwnStore = managers !== null
  const topology = () => inventory.topology
  const audit = (kind: string, key: InstanceKey | null, message: string): void => engine.audit.write(kind, key, key === null ? '' : inventory.clusterNameOf(key), message)
  return [
    { name: 'reading what other processes changed', everyMilliseconds: store.election.isShared ? 1000 : 3000, onlyLeader: false, run: async () => { if (!hasOwnStore) await engine.follower.round() } },
    { name: 'mending what was published', everyMilliseconds: 60_000, onlyLeader: true, run: now => publisher.mend(now) },
    { name: 'noticing who takes writes', everyMilliseconds: 1000, onlyLeader: true, run: now => publisher.notice(now) },
    ...housekeepingTasks({
      store, journal: engine.journal, topology, remembered: inventory, settings: app, beat: now => beat(engine, now), token: engine.identity.token, hasOwnStore, audit,
    }),
    ...factTasks({
      store, changelog: new AnalysisChangelog(store.analysisChanges), settings: app, topology, hasOwnStore, audit,
      findings: () => engine.findings.list(), isLeader: () => engine.isLeader(), takeNames: names => discovery.hostNames.take(names),
      setVirtualName: (host, name) => inventory.setVirtualName(host, name), sampleQueues: () => discovery.sampleQueues(),
      onNews: listener => void inventory.onChange(listener),
      resolve: key => discovery.hostNames.resolveKey(key),
      forgetRenamed: async keys => { if (!hasOwnStore || engine.isLeader()) await engine.journal.propose({ do: 'forget', keys, kind: 'forget-unseen-differently-resolved' }) },
    }),
    own.task, ...historyTasks(engine), ...standingLines(() => engine.operations.parts.group.standing(), log), ...agentTasks(engine),
    ...pseudoGtidTasks(engine.pseudoGtid, () => !changesNothing && engine.isLeader()),
    { name: 'forgetting equal positions', everyMilliseconds: 60_000, onlyLeader: !hasOwnStore, run: now => engine.equivalences.expire(now - settings.UnseenInstanceForgetHours * 3_600_000) },
    {
      name: 'dropping access tokens that have lapsed', everyMilliseconds: 3_600_000, onlyLeader: true,
      run: async now => void (await store.accessTokens.expire(now - Math.max(settings.AccessTokenExpiryMinutes * 60, settings.AccessTokenUseExpirySeconds) * 1000)),
    },
  ]
}

/** A heartbeat, and with it a sign that the database can be written. */
async function beat(engine: Engine, now: number): Promise<void> {
  await engine.standing.beat(now)
  engine.managers?.noteBackend()
}

/** Whoever does not lead stops what it drives, and so both are asked of every manager. */
function agentTasks({ agents: parts }: Engine): readonly Task[] {
  if (parts === null) return []
  const { agents, seeds } = parts
  return [
    { name: 'looking at agents', everyMilliseconds: 1000, onlyLeader: false, run: now => agents.lookAtDue(now) },
    { name: 'looking after seeds', everyMilliseconds: 1000, onlyLeader: false, run: now => seeds.lookAfter(now) },
    { name: 'forgetting agents', everyMilliseconds: 3_600_000, onlyLeader: true, run: now => agents.forgetUnseen(now) },
  ]
}

/** With a store of its own each manager writes what it sees; of several that share one, who acts. */
function historyTasks({ history: { recorder }, managers }: Engine): readonly Task[] {
  const onlyLeader = managers === null
  return [
    { name: 'writing down what changed in the topology', everyMilliseconds: 1000, onlyLeader, run: now => recorder.round(now) },
    { name: 'purging the history of the topology', everyMilliseconds: 600_000, onlyLeader, run: async now => void (await recorder.purge(now)) },
  ]
}
