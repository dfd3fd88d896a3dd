import type { ClusterRow, LiveEvent, ServerView } from '../../contract/views.ts'
import { plainJson } from '../../contract/wire.ts'
import type { Views } from '../../engine/operations/views/views.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'

/** What ticks with every poll and is not worth an event of its own. */
const ticking: ReadonlySet<string> = new Set([
  'lastSeenAt', 'lastCheckedAt', 'pollMilliseconds', 'uptimeSeconds', 'executedGtidSet', 'retrievedGtidSet', 'binlog', 'read', 'executed',
])
/** A server whose ticking values alone have changed is sent again after this time, and later the more servers there are. */
const tickMilliseconds = 5000
const tickMillisecondsPerServer = 20

interface Sent {
  readonly instance: Instance
  readonly clusterName: string
  readonly standing: string
  readonly at: number
}

/** Compares the world with what was last told, and makes the events that tell the difference. */
export class Changes {
  readonly #views: Views
  #sent = new Map<InstanceKey, Sent>()
  #rows = new Map<string, string>()
  #findings = ''

  constructor(views: Views) {
    this.#views = views
  }

  /** Takes the world as it is for told. */
  reset(topology: Topology, now: number): void {
    this.#sent = new Map()
    this.#rows = new Map()
    this.#findings = ''
    this.since(topology, now, true)
  }

  /** `all`: look at every server again, since statuses also change by time alone. */
  since(topology: Topology, now: number, all: boolean): readonly LiveEvent[] {
    const changed = new Map<string, ServerView[]>()
    const removed = new Map<string, string[]>()
    const touched = new Set<string>()
    const tickAfter = Math.max(tickMilliseconds, topology.instances.size * tickMillisecondsPerServer)
    for (const instance of topology.instances.values()) {
      const before = this.#sent.get(instance.key)
      if (before?.instance === instance && !all) continue
      touched.add(instance.clusterName)
      const view = this.#views.server(topology, instance.key)
      if (view === null) continue
      const standing = JSON.stringify(view, (name, value: unknown) => (ticking.has(name) ? undefined : value))
      const isNews = before === undefined || before.standing !== standing || (before.instance !== instance && now - before.at >= tickAfter)
      if (before !== undefined && before.clusterName !== instance.clusterName) push(removed, before.clusterName, instance.key)
      if (isNews) push(changed, instance.clusterName, view)
      this.#sent.set(instance.key, { instance, clusterName: instance.clusterName, standing, at: isNews || before === undefined ? now : before.at })
    }
    for (const [key, before] of this.#sent) {
      if (topology.instances.has(key)) continue
      push(removed, before.clusterName, key)
      this.#sent.delete(key)
    }
    return [...this.#findingEvents(touched), ...this.#clusterEvents(topology, changed, removed, touched, all)]
  }

  #findingEvents(touched: Set<string>): readonly LiveEvent[] {
    const findings = this.#views.findings()
    const text = plainJson(findings.map(({ evidence: _evidence, ...finding }) => finding))
    if (text === this.#findings) return []
    this.#findings = text
    for (const finding of findings) touched.add(finding.clusterName)
    return [{ event: 'findings', data: { findings } }]
  }

  #clusterEvents(topology: Topology, changed: Map<string, ServerView[]>, removed: Map<string, string[]>, touched: ReadonlySet<string>, all: boolean): readonly LiveEvent[] {
    const findings = this.#views.findings()
    const events: LiveEvent[] = []
    const rows: ClusterRow[] = []
    for (const name of topology.clusters.keys()) {
      if (!all && !touched.has(name) && !removed.has(name) && this.#rows.has(name)) continue
      const row = this.#views.row(topology, name, findings)
      const text = plainJson({ ...row, worstFinding: row.worstFinding === null ? null : { ...row.worstFinding, evidence: [] } })
      const isNews = this.#rows.get(name) !== text
      if (isNews) {
        this.#rows.set(name, text)
        rows.push(row)
      }
      const [servers, gone] = [changed.get(name) ?? [], removed.get(name) ?? []]
      if (servers.length > 0 || gone.length > 0 || isNews) events.push({ event: 'cluster', data: { snapshot: topology.number, name, row, changed: servers, removed: gone } })
    }
    const vanished = [...this.#rows.keys()].filter(name => !topology.clusters.has(name))
    for (const name of vanished) this.#rows.delete(name)
    if (rows.length > 0 || vanished.length > 0) events.push({ event: 'clusters', data: { snapshot: topology.number, changed: rows, removed: vanished } })
    return events
  }
}

function push<Value>(groups: Map<string, Value[]>, name: string, value: Value): void {
  const group = groups.get(name)
  if (group === undefined) groups.set(name, [value])
  else group.push(value)
}
