import { fail, type Result } from '../../kit/result.ts'
import type { Step } from '../../model/planning/step.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import { hostOf, instanceKey, type InstanceKey, isValidKey, portOf } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Servers, StepEffect } from '../../ports/servers.ts'
import type { HostName } from '../../ports/store-facts.ts'

/** What a command line asks for by -skip-unresolve-check and -skip-unresolve. */
export type VirtualNameUse = 'checked' | 'unchecked' | 'unused'

export interface VirtualNamesOptions {
  readonly clock: Pick<Clock, 'now'>
  get(key: InstanceKey): Instance | undefined
  /** SkipBinlogServerUnresolveCheck: who is behind the virtual name of a binlog server is not asked. */
  trustsBinlogServers?(): boolean
  /** `unchecked`: where the server behind a name is another one or does not answer, the host's own name is used. `unused`: names are not used at all. */
  readonly use?: VirtualNameUse
  /** The virtual name stands for this host from now on, so that a source under it is known. */
  learn(name: HostName): void
}

/** A virtual name that answers late is no name to point a replica at. */
const checkMilliseconds = 2000

/**
 * The servers, with replicas pointed at the virtual names that people registered for hosts (contract discovery.md 3). A virtual name is used only
 * after the server behind it was asked, and is the one that is meant; else the step fails before anything was changed.
 */
export function withVirtualNames(servers: Servers, { clock, get, learn, trustsBinlogServers = () => false, use = 'checked' }: VirtualNamesOptions): Servers {
  const virtualOf = (step: Step): InstanceKey | null => {
    if (step.do !== 'change-source' || !isValidKey(step.to) || use === 'unused') return null
    const name = get(step.to)?.unresolvedHostname ?? ''
    return name === '' || name === hostOf(step.to) ? null : instanceKey(name, portOf(step.to))
  }
  const pointedAt = (step: Step, to: InstanceKey | null): Step => (step.do === 'change-source' && to !== null ? { ...step, to } : step)

  /** Null: the name leads to the server that is meant. */
  const mismatch = async (meant: InstanceKey, virtual: InstanceKey): Promise<ServerFailure | null> => {
    const answer = await servers.probe(virtual, { depth: 'replication', deadlineMilliseconds: checkMilliseconds })
    if (!answer.ok) return answer.failure.failure
    const [found, known] = [answer.value, get(meant)]
    // A server is known by its UUID; MariaDB has none, and is known by its id and its own name.
    const isSame = known !== undefined && (known.serverUuid !== '' ? found.serverUuid === known.serverUuid : found.serverId === known.serverId && found.hostname === known.hostname)
    if (isSame) return null
    const names = `hostname=${hostOf(meant)}, unresolved=${hostOf(virtual)}, re-resolved=${hostOf(found.key)}`
    return { kind: 'configuration', number: null, text: `Error unresolving; ${names}; mismatch. Skip/ignore with --skip-unresolve-check` }
  }

  return {
    probe: (key, options) => servers.probe(key, options),
    statements: (step, on) => servers.statements(pointedAt(step, virtualOf(step)), on),
    async perform(step, on, options): Promise<Result<StepEffect, ServerFailure>> {
      const virtual = virtualOf(step)
      if (step.do !== 'change-source' || virtual === null) return servers.perform(step, on, options)
      const isTrusted = trustsBinlogServers() && get(step.to)?.isBinlogServer === true
      const failure = isTrusted ? null : await mismatch(step.to, virtual)
      if (failure !== null) return use === 'unchecked' ? servers.perform(step, on, options) : fail(failure)
      learn({ host: hostOf(virtual), name: hostOf(step.to), at: clock.now() })
      return servers.perform(pointedAt(step, virtual), on, options)
    },
    onConnectionLost: listener => servers.onConnectionLost(listener),
    release: key => servers.release(key),
    close: () => servers.close(),
  }
}
