import { type Instance, isLastCheckValid, isReplica } from '../topology/instance.ts'
import type { Topology } from '../topology/topology.ts'

/** The schema that names the statements; it need not exist. */
export const pseudoGtidSchema = '_pseudo_gtid_'

/** How often a statement is written, in milliseconds (contract pseudo-gtid.md section 2). */
export const injectEveryMilliseconds = 5000
/** For how long a cluster counts as having them after the last one. */
export const injectedForMilliseconds = 60 * 60_000
/** For how long an answer to whether we may write is taken for true; a no is asked again sooner, because somebody is about to grant it. */
export const grantsForMilliseconds = { yes: 60_000, no: 10_000 }

/** One that no server has seen, and that is larger as text than all earlier ones. `random` is 16 hex digits, `second` since 1970. */
export function injectionStatement(serverId: number, second: number, random: string): string {
  const hex = (number: number): string => (Math.floor(number) >>> 0).toString(16).padStart(8, '0')
  return `drop view if exists \`${pseudoGtidSchema}\`.\`_asc:${hex(second)}:${hex(serverId)}:${random}\``
}

/** May an account with these grants, as SHOW GRANTS tells them, write the statement? */
export function mayInject(grants: readonly string[]): boolean {
  return grants.some(grant => {
    const found = /^GRANT (.+?) ON (\S+) TO /i.exec(grant)
    if (found === null) return false
    const [, words = '', place = ''] = found
    const privileges = words.toUpperCase().split(/, */).map(word => word.trim())
    const where = place.replaceAll(/["`\\]/g, '')
    return (where === '*.*' || where === `${pseudoGtidSchema}.*`) && privileges.some(word => word === 'ALL' || word === 'ALL PRIVILEGES' || word === 'DROP')
  })
}

/** On whom it is written: in each cluster the writable server that is nobody's replica, or the one nearest to the top of a ring. */
export function injectionTargets(topology: Topology): readonly Instance[] {
  const targets = new Map<string, Instance>()
  for (const instance of topology.instances.values()) {
    if (instance.readOnly || !isLastCheckValid(instance) || instance.check.failure !== null || instance.isBinlogServer) continue
    if (isReplica(instance) && !instance.isCoPrimary) continue
    const known = targets.get(instance.clusterName)
    if (known === undefined || instance.replicationDepth < known.replicationDepth || (instance.replicationDepth === known.replicationDepth && instance.key < known.key)) {
      targets.set(instance.clusterName, instance)
    }
  }
  return [...targets.values()]
}
