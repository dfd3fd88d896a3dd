import { identifyAll } from '../../../src/model/topology/cluster.ts'
import { bareInstance, bareLink } from '../../../src/model/topology/fresh-instance.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import { compareKeys, type InstanceKey } from '../../../src/model/topology/instance-key.ts'
import { type Decisions, noDecisions, Topology } from '../../../src/model/topology/topology.ts'
import { parseVersion } from '../../../src/model/topology/version.ts'
import { attributes, caseKey, caseNow, type Draft } from './attributes.ts'
import { lettersOf, uuidOf } from './uuid-letters.ts'

/**
 * Builds a topology of indented lines: `name[:port] word word=value …`, each replica indented below its source.
 * What a line does not say is healthy: read just now, MySQL 9.7.4 with GTID, both threads running, the same executed set as its source;
 * a server without a source is writable and has executed 100 transactions of its own; a replica is read-only.
 */
export function topologyFromText(text: string, decisions: Decisions = noDecisions): Topology {
  const drafts: Draft[] = []
  const above: { readonly indent: number; readonly draft: Draft }[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const indent = line.length - line.trimStart().length
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop()
    const draft = draftOf(line.trim(), above.at(-1)?.draft ?? null, drafts.length + 1)
    if (drafts.some(other => other.instance.key === draft.instance.key)) throw new Error(`${draft.instance.key} stands twice`)
    drafts.push(draft)
    above.push({ indent, draft })
  }
  for (const { link } of drafts) {
    if (link !== null) link.sourceUuid = drafts.find(({ instance }) => instance.key === link.source)?.instance.serverUuid ?? link.sourceUuid
  }
  return new Topology(1, withNeighbours(drafts.map(finished)), decisions)
}

function draftOf(line: string, parent: Draft | null, number: number): Draft {
  const [name = '', ...words] = line.split(/\s+/)
  const key = caseKey(name)
  const explicit = words.find(word => word.startsWith('source='))?.slice('source='.length)
  const source = explicit === undefined ? (parent?.instance.key ?? null) : caseKey(explicit)
  const draft: Draft = { instance: healthy(key, number, parent), link: source === null ? null : healthyLink(source, parent), channels: source === null ? 0 : 1, source }
  for (const word of words) {
    const [attribute = '', ...value] = word.split('=')
    const known = attributes[attribute]
    if (known === undefined) throw new Error(`'${attribute}' is no attribute of a server: see test/harness/notation/attributes.ts`)
    try {
      known.apply(draft, value.join('='))
    } catch (error) {
      throw new Error(`${line}: ${word}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
  const { link, instance } = draft
  if (link !== null && (link.receiver !== 'running' || link.applier !== 'running') && !words.some(word => word.startsWith('lag='))) {
    link.secondsBehindSource = null
    instance.replicationLagSeconds = null
  }
  return draft
}

function healthy(key: InstanceKey, number: number, parent: Draft | null): Draft['instance'] {
  const [uuid, isReplica] = [uuidOf(lettersOf(number)), parent !== null]
  return {
    ...bareInstance(key), serverId: number, serverUuid: uuid, hostname: key.slice(0, key.lastIndexOf(':')), uptimeSeconds: 86_400,
    version: parent?.instance.version ?? parseVersion('9.7.4', 'MySQL Community Server - GPL'), logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', binlogRowImage: 'FULL',
    binlogCoordinates: { file: 'binlog.000001', position: 1000n }, gtidMode: parent?.instance.gtidMode ?? 'ON',
    executedGtidSet: parent?.instance.executedGtidSet ?? `${uuid}:1-100`, mariadbGtid: parent?.instance.mariadbGtid ?? null,
    readOnly: isReplica, superReadOnly: isReplica, replicationLagSeconds: isReplica ? 0 : null, replicationCredentialsAvailable: true, hasReplicationAccount: true, clusterName: '',
    check: { lastAttemptedAt: caseNow - 1000, lastCheckedAt: caseNow - 1000, lastSeenAt: caseNow - 1000, partialSuccess: false, failure: null, latencyMilliseconds: 1 },
  }
}

function healthyLink(source: InstanceKey, parent: Draft | null): Draft['link'] {
  const position = { file: 'binlog.000001', position: 1000n }
  return {
    ...bareLink(source), sourceUuid: parent?.instance.serverUuid ?? '', user: 'repl', receiver: 'running', applier: 'running',
    gtid: parent !== null && parent.instance.mariadbGtid !== null ? 'mariadb-slave-pos' : 'mysql',
    readCoordinates: position, executedCoordinates: position, secondsBehindSource: 0, lastHeardAt: caseNow - 1000,
  }
}

function finished({ instance, link, channels }: Draft): Instance {
  const isMariadb = instance.version.flavour === 'MariaDB'
  return {
    ...instance, replication: link, channels: link === null ? [] : Array.from({ length: channels }, (_, index) => ({ ...link, channel: index === 0 ? '' : `c${index}` })),
    ...(isMariadb ? { serverUuid: '', gtidMode: '', executedGtidSet: '' } : {}),
  }
}

/** Fills in what servers know of each other: listed replicas, members of a group, cluster identity. */
function withNeighbours(instances: readonly Instance[]): ReadonlyMap<InstanceKey, Instance> {
  const known = new Map<InstanceKey, Instance>()
  for (const instance of instances) {
    const { group } = instance
    const fellows = group === null ? [] : instances.filter(other => other.group?.name === group.name)
    known.set(instance.key, {
      ...instance,
      listedReplicas: instances.filter(other => other.replication?.source === instance.key).map(other => other.key).sort(compareKeys),
      group: group === null ? null : {
        ...group, members: fellows.map(fellow => fellow.key).filter(key => key !== instance.key).sort(compareKeys),
        primary: fellows.find(fellow => fellow.group?.memberRole === 'PRIMARY')?.key ?? null,
      },
    })
  }
  return identifyAll(known)
}
