import { coordinatesText } from '../topology/binlog-coordinates.ts'
import type { HookListName } from './hook-lists.ts'
import { type HookOccasion, instanceType } from './hook-values.ts'

/** The same facts as one JSON document, for the standard input of a hook: no quoting to get wrong. Fields are only ever added. */
export function hookDocument(list: HookListName, occasion: HookOccasion): string {
  const { successor } = occasion
  return JSON.stringify({
    list,
    failureType: occasion.code,
    failureDescription: occasion.description,
    instanceType: instanceType(occasion.facts),
    command: occasion.command,
    failed: occasion.failed,
    cluster: { name: occasion.clusterName, alias: occasion.clusterAlias, domain: occasion.clusterDomain },
    isDowntimed: occasion.facts.isDowntimed,
    recoversPrimary: occasion.coversPrimary,
    recoversIntermediate: occasion.coversIntermediate,
    node: occasion.node,
    recoveryUid: occasion.recoveryUid,
    isSuccessful: successor !== null,
    replicas: occasion.replicas,
    lostReplicas: occasion.lostReplicas,
    successor:
      successor === null
        ? null
        : { server: successor.key, alias: successor.alias, binlogCoordinates: successor.coordinates === null ? null : coordinatesText(successor.coordinates) },
  })
}
