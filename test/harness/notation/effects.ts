import { unreachable } from '../../../src/kit/unreachable.ts'
import type { CoordinatesReference, Step } from '../../../src/model/planning/step.ts'
import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../../../src/model/topology/binlog-coordinates.ts'
import { bareLink } from '../../../src/model/topology/fresh-instance.ts'
import { countGtids, type GtidSet, gtidSetText, isGtidSubset, parseGtidSet, subtractGtidSets, unionGtidSets } from '../../../src/model/topology/gtid-set.ts'
import { type Instance, isLastCheckValid, type ReplicationLink } from '../../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import { hasReached, mariadbPositionText } from '../../../src/model/topology/mariadb-gtid.ts'
import { beyond, executedPosition, heldPosition, readPosition } from '../../../src/model/topology/mariadb-held.ts'
import { Topology } from '../../../src/model/topology/topology.ts'

/** The servers of a case while steps run on them, and what `read-executed` bound to names. */
export interface World {
  readonly topology: Topology
  readonly bindings: ReadonlyMap<string, string>
}

export const worldOf = (topology: Topology): World => ({ topology, bindings: new Map() })

/** What a step comes to on servers that behave as measured on MySQL 9.7 (design: reliability, section 1). A failed step changes nothing. */
export type Effect = { readonly world: World; readonly failure: null } | { readonly failure: string }

export function applyStep(world: World, step: Step): Effect {
  const server = world.topology.get(step.on)
  if (server === undefined) return { failure: `${step.on} is not known` }
  if (!isLastCheckValid(server)) return { failure: `${step.on} does not answer` }
  const link = server.replication
  const becomes = (more: Partial<Instance>): Effect => ({ failure: null, world: { ...world, topology: replaced(world.topology, { ...server, ...more }) } })
  const linkBecomes = (more: Partial<ReplicationLink>, also: Partial<Instance> = {}): Effect => {
    if (link === null) return { failure: `${step.on} is not a replica` }
    const changed = { ...link, ...more }
    const isReplicating = changed.receiver === 'running' && changed.applier === 'running'
    const seconds = isReplicating ? 0 : null
    return becomes({ replication: { ...changed, secondsBehindSource: seconds }, channels: [{ ...changed, secondsBehindSource: seconds }], replicationLagSeconds: seconds, ...also })
  }
  // Measured on MariaDB 11.8: by GTID, and with both threads stopped, the relay log is thrown away when anything is started.
  const kept = server.mariadbGtid !== null && link !== null && link.gtid !== 'none' && link.receiver === 'stopped' && link.applier === 'stopped'
    ? { retrievedGtidSet: '', readCoordinates: link.executedCoordinates } : {}
  switch (step.do) {
    case 'stop-receiver':
      return linkBecomes({ receiver: 'stopped' })
    case 'start-receiver':
      return linkBecomes({ ...kept, receiver: receiverOf(world, link), receiverError: { number: 0, text: '', at: null } })
    case 'stop-replication':
      return linkBecomes({ receiver: 'stopped', applier: 'stopped' })
    case 'start-replication':
      return linkBecomes({ ...kept, receiver: receiverOf(world, link), applier: 'running', receiverError: { number: 0, text: '', at: null } })
    case 'start-applier':
      return linkBecomes({ ...kept, applier: 'running' })
    case 'apply-relay-log':
      return link?.applier === 'stopped' && link.receiver === 'stopped' ? linkBecomes({ applier: 'running', gtid: 'none' }) : { failure: 'error 1198: both threads must be stopped first' }
    case 'read-executed': {
      const text = server.mariadbGtid === null ? gtidSetText(held(server)) : mariadbPositionText(heldPosition(server))
      return { failure: null, world: { ...world, bindings: new Map(world.bindings).set(step.as, text) } }
    }
    case 'wait-executed': {
      const caughtUp = link?.applier === 'running' ? applied(pulled(server, world.topology)) : server
      if (server.mariadbGtid !== null) {
        const wanted = 'set' in step.what ? step.what.set : world.bindings.get(step.what.boundTo)
        if (wanted === undefined) return { failure: 'waits for a position that was never read' }
        if (!hasReached(executedPosition(caughtUp), readPosition(wanted))) return { failure: `${step.on} does not come to ${wanted}` }
        return { failure: null, world: { ...world, topology: replaced(world.topology, caughtUp) } }
      }
      const wanted = 'set' in step.what ? step.what.set : world.bindings.get(step.what.boundTo)
      if (wanted === undefined) return { failure: 'waits for a set that was never read' }
      if (!isGtidSubset(read(wanted), read(caughtUp.executedGtidSet))) return { failure: `${step.on} does not come to ${wanted}` }
      return { failure: null, world: { ...world, topology: replaced(world.topology, caughtUp) } }
    }
    case 'change-source': {
      const running = link === null ? false : link.receiver !== 'stopped'
      if (running) return { failure: 'error 3021: the receiver must be stopped first' }
      if (step.way !== 'receiver-only' && step.way !== 'read-position' && link?.applier === 'running') return { failure: 'error 3081: the applier must be stopped first' }
      if (step.way === 'receiver-only' && link === null) return { failure: 'nothing is configured of which only the receiver could change' }
      if (step.way === 'read-position' && link?.applier !== 'running') return { failure: 'what was read is kept only while the applier runs' }
      const gtid = {
        'receiver-only': link?.gtid ?? 'none', 'auto-position': 'mysql', 'slave-pos': 'mariadb-slave-pos', 'current-pos': 'mariadb-current-pos', 'read-position': 'none',
        'executed-position': 'none', 'coordinates': 'none',
      } as const
      const turned: ReplicationLink = { ...(link ?? bareLink(step.to)), source: step.to, sourceUuid: world.topology.get(step.to)?.serverUuid ?? '', gtid: gtid[step.way] }
      // Measured: with both threads stopped the relay log is thrown away; with the applier running it is kept.
      const place = step.way === 'executed-position' ? (link?.executedCoordinates ?? null) : null
      const keepsAll = server.isBinlogServer || turned.applier !== 'stopped' // a binlog server has what it has read in files of its own
      const left: ReplicationLink = !keepsAll ? { ...turned, retrievedGtidSet: '', readCoordinates: place, executedCoordinates: place, relayLogCoordinates: null } : turned
      if (step.way === 'coordinates') {
        const at = placeOf(world, step.at)
        if (at === null) return { failure: 'changes to a place that was never read' }
        const there: ReplicationLink = { ...left, readCoordinates: at, executedCoordinates: at }
        return becomes({ replication: there, channels: [there] })
      }
      return becomes({ replication: left, channels: [left] })
    }
    case 'copy-replication-credentials':
      return world.topology.get(step.like) === undefined ? { failure: `${step.like} is not known` } : { failure: null, world }
    case 'forget-source': // stops both threads first, as the adapter does
      return becomes({ replication: null, channels: [], replicationLagSeconds: null })
    case 'set-read-only':
      return becomes({ readOnly: true, superReadOnly: server.superReadOnly || step.alsoSuper })
    case 'set-writable':
      return becomes({ readOnly: false, superReadOnly: false })
    case 'stop-applier':
      return linkBecomes({ applier: 'stopped' })
    case 'wait-position': {
      if (link?.applier !== 'running') return { failure: 'the applier does not run' }
      const wanted = typeof step.upTo === 'string' ? null : placeOf(world, step.upTo)
      const after = applied(wanted === null ? server : pulled(server, world.topology))
      const at = after.replication?.executedCoordinates ?? null
      if (wanted !== null && (at === null || compareCoordinates(at, wanted) < 0)) return { failure: `${step.on} does not come to ${coordinatesText(wanted)}` }
      return { failure: null, world: { ...world, topology: replaced(world.topology, after) } }
    }
    case 'read-coordinates': {
      const at = step.which === 'own' ? server.binlogCoordinates : (link?.executedCoordinates ?? null)
      if (at === null) return { failure: `${step.on} does not tell where it stands` }
      const wanted = step.mustBe === undefined ? at : placeOf(world, step.mustBe)
      if (wanted === null || compareCoordinates(at, wanted) !== 0) return { failure: `${step.on} stands elsewhere` }
      return { failure: null, world: { ...world, bindings: new Map(world.bindings).set(step.as, coordinatesText(at)) } }
    }
    case 'wait-received':
      return link?.applier === 'running' ? { failure: null, world: { ...world, topology: replaced(world.topology, applied(server)) } } : { failure: 'the applier does not run' }
    case 'match-position': {
      // Where the log of the other server ends is taken for where both meet; who meets where is proven on real servers.
      const at = world.topology.get(step.with)?.binlogCoordinates ?? null
      if (link === null || link.receiver !== 'stopped' || link.applier !== 'stopped') return { failure: `${step.on} does not stand` }
      return at === null ? { failure: `${step.with} does not tell where its log ends` } : { failure: null, world: { ...world, bindings: new Map(world.bindings).set(step.as, coordinatesText(at)) } }
    }
    case 'start-until': {
      const at = placeOf(world, step.upTo)
      if (at === null) return { failure: 'starts until a place that was never read' }
      if (link === null) return { failure: `${step.on} is not a replica` }
      const reads = pulled({ ...server, replication: { ...link, receiver: 'running' } }, world.topology)
      const after = applied(reads, at)
      const stopped: ReplicationLink = { ...(after.replication ?? link), receiver: 'stopped', applier: 'stopped' }
      return becomes({ ...after, replication: stopped, channels: [stopped] })
    }
    case 'inject-empty':
      return becomes({ executedGtidSet: gtidSetText(unionGtidSets(read(server.executedGtidSet), read(step.set))) })
    case 'skip-next-event':
      return linkBecomes({ applierError: { number: 0, text: '', at: null } })
    case 'forget-gtids':
      return becomes({ executedGtidSet: gtidSetText(subtractGtidSets(read(server.executedGtidSet), read(step.set))), errantGtidSet: '' })
    case 'set-delay':
      if (link?.applier === 'running') return { failure: 'error 3085: the applier must be stopped first' }
      if (link === null) return becomes({})
      return linkBecomes({ delaySeconds: step.seconds, ...(link.receiver === 'stopped' ? { retrievedGtidSet: '', readCoordinates: link.executedCoordinates } : {}) })
    case 'set-semi-sync':
      return server.semiSync === null ? { failure: 'error 1193' } : becomes({ semiSync: { ...server.semiSync, ...(step.side === 'source' ? { sourceEnabled: step.enabled } : { replicaEnabled: step.enabled }) } })
    case 'commit-nothing':
      return becomes({ executedGtidSet: gtidSetText(unionGtidSets(read(server.executedGtidSet), read(`${server.serverUuid}:${nextOwn(server)}`))) })
    case 'clone-from': {
      const donor = world.topology.get(step.donor)
      if (donor === undefined || !isLastCheckValid(donor)) return { failure: `${step.donor} does not answer` }
      // Its own identity and read_only stay; data, accounts and replication are the donor's, and replication starts with the server.
      const { executedGtidSet, purgedGtidSet, replication, channels } = donor
      return becomes({ executedGtidSet, purgedGtidSet, errantGtidSet: '', replication, channels, superReadOnly: false, hasReplicationAccount: replication !== null })
    }
    case 'wait-restart':
      return becomes({ readOnly: true, superReadOnly: true })
    case 'end-blocked-commits':
    case 'flush-binary-logs':
    case 'purge-binary-logs':
    case 'kill-query':
      return becomes({})
    default:
      return unreachable(step)
  }
}

function placeOf(world: World, at: CoordinatesReference | undefined): BinlogCoordinates | null {
  const text = at === undefined ? undefined : 'place' in at ? at.place : world.bindings.get(at.boundTo)
  if (text === undefined) return null
  const colon = text.lastIndexOf(':')
  return { file: text.slice(0, colon), position: BigInt(text.slice(colon + 1)) }
}

/**
 * Writes go on: every writable server that answers commits one transaction, and every running receiver reads all its source has logged, top down.
 * Nothing is applied, so that what a step throws away is seen.
 */
export function traffic(world: World): World {
  let { topology } = world
  for (const instance of topology.instances.values()) {
    if (instance.readOnly || instance.serverUuid === '' || !isLastCheckValid(instance)) continue
    const next = nextOwn(instance)
    const executedGtidSet = gtidSetText(unionGtidSets(read(instance.executedGtidSet), read(`${instance.serverUuid}:${next}`)))
    topology = replaced(topology, { ...instance, executedGtidSet, binlogCoordinates: moved(instance.binlogCoordinates, 1n) })
  }
  const byDepth = [...topology.instances.values()].sort((left, right) => left.replicationDepth - right.replicationDepth)
  for (const { key } of byDepth) {
    const instance = topology.get(key)
    if (instance !== undefined) topology = replaced(topology, pulled(instance, topology))
  }
  return { ...world, topology }
}

function nextOwn(instance: Instance): bigint {
  const intervals = read(instance.executedGtidSet).get(instance.serverUuid)
  return (intervals?.at(-1) ?? 0n) + 1n
}

/** Its receiver, if it runs, has read all that its source has executed. */
function pulled(instance: Instance, topology: Topology): Instance {
  const { replication: link } = instance
  const source = link === null ? undefined : topology.get(link.source)
  if (link !== null && link.receiver === 'running' && source?.mariadbGtid && instance.mariadbGtid !== null && isLastCheckValid(source)) {
    const ahead = beyond(executedPosition(source), heldPosition(instance))
    if (ahead.count === 0) return instance
    const changed = { ...link, retrievedGtidSet: mariadbPositionText(executedPosition(source)), readCoordinates: { file: 'binlog.000001', position: (link.executedCoordinates?.position ?? 0n) + 1000n } }
    return { ...instance, replication: changed, channels: [changed] }
  }
  if (link === null || link.receiver !== 'running' || source === undefined || !isLastCheckValid(source) || instance.serverUuid === '') return instance
  const retrieved = unionGtidSets(read(link.retrievedGtidSet), read(source.executedGtidSet))
  // What is new to it stands behind what it had read, so that by coordinates too it is seen to have something unapplied.
  const news = countGtids(subtractGtidSets(retrieved, held(instance)))
  const at = link.readCoordinates
  const changed = { ...link, retrievedGtidSet: gtidSetText(retrieved), readCoordinates: at === null ? null : { ...at, position: at.position + news } }
  return { ...instance, replication: changed, channels: [changed] }
}

/** All that was received is applied, or as much as lies before a place; its own log grows by as much. */
function applied(instance: Instance, upTo: BinlogCoordinates | null = null): Instance {
  const { replication: link } = instance
  if (link === null) return instance
  const to = upTo !== null && link.readCoordinates !== null && compareCoordinates(upTo, link.readCoordinates) < 0 ? upTo : link.readCoordinates
  const from = link.executedCoordinates
  const grown = to === null || from === null || to.position < from.position ? 0n : to.position - from.position
  const changed = { ...link, executedCoordinates: to }
  const common = { binlogCoordinates: moved(instance.binlogCoordinates, grown), replication: changed, channels: [changed] }
  if (instance.mariadbGtid !== null) {
    const at = mariadbPositionText(heldPosition(instance))
    return { ...instance, ...common, mariadbGtid: { ...instance.mariadbGtid, slavePos: at, currentPos: at, binlogPos: at, binlogState: at } }
  }
  const executes = to === link.readCoordinates ? held(instance) : unionGtidSets(read(instance.executedGtidSet), firstOf(subtractGtidSets(held(instance), read(instance.executedGtidSet)), grown))
  return { ...instance, ...common, executedGtidSet: instance.serverUuid === '' ? '' : gtidSetText(executes) }
}

/** The lowest numbers of a set, which one origin wrote first. */
function firstOf(set: GtidSet, count: bigint): GtidSet {
  const texts: string[] = []
  let left = count
  for (const [origin, intervals] of set) {
    for (let at = 0; at + 1 < intervals.length && left > 0n; at += 2) {
      const [from, to] = [intervals[at] ?? 0n, intervals[at + 1] ?? 0n]
      const last = to - from + 1n > left ? from + left - 1n : to
      texts.push(`${origin}:${from}-${last}`)
      left -= last - from + 1n
    }
  }
  return read(texts.join(','))
}

const moved = (at: BinlogCoordinates | null, by: bigint): BinlogCoordinates | null => (at === null ? null : { ...at, position: at.position + by })

/** executed ∪ retrieved; a MariaDB holds none by sets. */
export const held = (instance: Instance): GtidSet => instance.mariadbGtid !== null ? read('') : unionGtidSets(read(instance.executedGtidSet), read(instance.replication?.retrievedGtidSet ?? ''))

function receiverOf(world: World, link: ReplicationLink | null): ReplicationLink['receiver'] {
  const source = link === null ? undefined : world.topology.get(link.source)
  return source !== undefined && isLastCheckValid(source) ? 'running' : 'connecting'
}

function read(text: string): GtidSet {
  const parsed = parseGtidSet(text)
  if (!parsed.ok) throw new Error(parsed.failure.text)
  return parsed.value
}

export const replaced = (topology: Topology, instance: Instance): Topology =>
  new Topology(topology.number + 1, new Map(topology.instances).set(instance.key, instance), topology.decisions)

export const sourceOf = (topology: Topology, key: InstanceKey): InstanceKey | null => topology.get(key)?.replication?.source ?? null
