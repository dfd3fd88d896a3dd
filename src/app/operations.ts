import type { MysqlServers } from '../adapters/mysql/mysql-servers.ts'
import { PathPrograms } from '../adapters/processes/programs.ts'
import type { ShellProcesses } from '../adapters/processes/shell-processes.ts'
import { systemNetwork } from '../adapters/system/network.ts'
import type { Problem } from '../config/problem.ts'
import type { Settings } from '../config/settings.ts'
import type { Execution } from '../engine/execution/execution.ts'
import type { ConfigurationParts } from '../engine/operations/configuration-parts.ts'
import { Operations } from '../engine/operations/operations.ts'
import { recoverySettings } from '../engine/recovery/settings.ts'
import { tookSourceHooks } from '../engine/recovery/took-source-hooks.ts'
import { derived } from '../kit/derived.ts'
import { settingValues } from '../kit/setting.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Servers } from '../ports/servers.ts'
import { backendState, healthWith } from './backend-state.ts'
import { doctorParts } from './doctor-parts.ts'
import type { Engine } from './engine.ts'
import { operationsPolicy } from './policies.ts'
import { recoveryCommands } from './recovery-commands.ts'
import { sharedManagers } from './shared-managers.ts'

type Shared = Pick<
  Engine,
  'agents' | 'app' | 'discovery' | 'equivalences' | 'findings' | 'inventory' | 'isLeader' | 'journal' | 'managers' | 'pseudoGtid' | 'publisher' | 'recent'
  | 'recovery' | 'standing' | 'store' | 'waitingWrites'
>

export interface OperationsWish extends Shared {
  readonly settings: Settings
  warnings(): readonly Problem[]
  readonly configuration: ConfigurationParts
  readonly clock: Clock
  readonly log: Log
  readonly execution: Execution
  readonly servers: MysqlServers
  /** The same, as plans change them: with the names that replicas are told. */
  readonly pointed: Pick<Servers, 'statements'>
  readonly processes: ShellProcesses
  auditLine(this: void, kind: string, key: InstanceKey | null, message: string): void
}

/** All that people can ask for, joined to the parts that do it. */
export function buildOperations(wish: OperationsWish): Operations {
  const {
    settings, app, warnings, configuration, clock, log, inventory, store, journal, execution, recovery, discovery, servers, pointed, processes, managers, publisher,
    findings, recent, pseudoGtid, equivalences, standing, isLeader, auditLine, agents,
  } = wish
  const policy = derived(app, operationsPolicy)
  return new Operations({
    configuration, topology: () => inventory.topology, policy, clock, store, journal, execution, recoveries: recoveryCommands(recovery),
    facts: {
      network: systemNetwork, hostNames: discovery.hostNames, pollsSince: from => discovery.metrics.since(from),
      queueSamples: (queue, seconds) => discovery.queueSamples.newest(queue, seconds), flushesSince: from => inventory.flushesSince(from),
      setMaintenance: (key, maintenance) => inventory.setMaintenance(key, maintenance),
      buffer: {
        get size() { return settings.InstanceWriteBufferSize },
        get flushMilliseconds() { return settings.InstanceFlushIntervalMilliseconds },
      },
    },
    doctor: doctorParts(settings, warnings, servers, new PathPrograms(process.env)),
    agents, equivalences, matcher: pseudoGtid.matcher, binaryLogs: servers, cloning: servers, statements: (step, on) => pointed.statements(step, on),
    resolve: key => discovery.resolve(key),
    discover: async key => {
      const found = await discovery.discover(key, { learnsAgain: true })
      // What was answered is to outlast this manager.
      if (found.ok && found.value !== null) await managers?.tellServer(found.value.key)
      return found
    },
    tookSource: tookSourceHooks(processes, settingValues(recoverySettings, settings), log),
    readAgain: keys => discovery.readAgain(keys), findings: () => findings.list(), foreseen: () => findings.foreseen(),
    acknowledge: async (where, by) => {
      const count = await recovery.acknowledge(where, by)
      await recent.load()
      return count
    },
    writerOf: clusterName => publisher.writerOf(clusterName), submitWriters: clusterName => publisher.submit(clusterName),
    unpublished: clusterName => publisher.failuresOf(inventory.topology.aliasOf(clusterName)), audit: auditLine, isLeader,
    health: async () => healthWith(await standing.health(), backendState(wish)),
    group: managers?.parts ?? sharedManagers(standing),
  })
}
