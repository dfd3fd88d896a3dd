import { padTable } from '../../kit/text-table.ts'
import { describeInstance, describeParts, statusWord } from './describe.ts'
import type { FreshnessPolicy } from './freshness.ts'
import { upstreamOf } from './cluster.ts'
import type { Instance } from './instance.ts'
import { compareKeys, type InstanceKey } from './instance-key.ts'
import type { Topology } from './topology.ts'

export interface DrawOptions {
  readonly policy: FreshnessPolicy
  readonly now: number
  /** Columns joined by `|`, each padded, instead of `[…]`. */
  readonly tabulated?: boolean
  /** What to add behind each server, in brackets: its tags. */
  readonly tagsOf?: (key: InstanceKey) => readonly string[]
  /** Stands between a name and its description; a blank unless a user asked for something visible. */
  readonly fill?: string
}

/** A cluster as an indented tree, one server a line, without a newline at the end (contract discovery.md 10). */
export function drawCluster(topology: Topology, clusterName: string, options: DrawOptions): string {
  const { policy, now, fill = ' ' } = options
  const lines = orderedTree(topology.clusters.get(clusterName) ?? [])
  const names = lines.map(line => `${' '.repeat(2 * line.indent)}${line.hasPrefix ? prefixOf(line.instance, policy, now) : ''}${nameOf(line.instance)}`)
  if (options.tabulated === true) {
    // The lag stands at the right of its column, all else at the left.
    return padTable(lines.map(({ instance }, index) => [names[index] ?? '', ...describeParts(instance, policy, now), ...tagColumn(instance, options)]), ['left', 'right']).join('\n')
  }
  const width = Math.max(0, ...names.map(name => [...name].length))
  return lines.map(({ instance }, index) => {
    const name = names[index] ?? ''
    const padded = `${name}${fill.repeat(width - [...name].length)}`
    return [padded, describeInstance(instance, policy, now), ...tagColumn(instance, options).map(tags => `[${tags}]`)].join(fill)
  }).join('\n')
}

const tagColumn = (instance: Instance, options: DrawOptions): readonly string[] => (options.tagsOf === undefined ? [] : [options.tagsOf(instance.key).join(',')])

const nameOf = (instance: Instance): string => (instance.alias === '' ? instance.key : `${instance.key} (${instance.alias})`)

function prefixOf(instance: Instance, policy: FreshnessPolicy, now: number): string {
  if (instance.group?.memberRole === 'SECONDARY') return '‡ '
  const status = statusWord(instance, policy, now)
  return status === 'ok' || status === 'lag' ? '+ ' : '- '
}

interface TreeLine {
  readonly instance: Instance
  readonly indent: number
  readonly hasPrefix: boolean
}

/** Roots by key, each followed by what is below it; co-primaries are all roots. What only a ring of more leads to is drawn from its smallest key. */
export function orderedTree(instances: readonly Instance[]): readonly TreeLine[] {
  const byKey = new Map(instances.map(instance => [instance.key, instance]))
  const below = new Map<InstanceKey, Instance[]>()
  const roots: Instance[] = []
  for (const instance of instances.toSorted((left, right) => compareKeys(left.key, right.key))) {
    const above = upstreamOf(instance, key => byKey.get(key))
    const siblings = above === undefined || instance.isCoPrimary ? roots : below.get(above.key)
    if (siblings === undefined) below.set(above?.key ?? instance.key, [instance])
    else siblings.push(instance)
  }
  const lines: TreeLine[] = []
  const drawn = new Set<InstanceKey>()
  const draw = (instance: Instance, indent: number, hasPrefix: boolean): void => {
    if (drawn.has(instance.key)) return
    drawn.add(instance.key)
    lines.push({ instance, indent, hasPrefix })
    for (const replica of below.get(instance.key) ?? []) draw(replica, hasPrefix ? indent + 1 : indent, true)
  }
  for (const root of roots) draw(root, 0, root.isCoPrimary)
  for (const instance of instances.toSorted((left, right) => left.replicationDepth - right.replicationDepth || compareKeys(left.key, right.key))) draw(instance, 0, true)
  return lines
}
