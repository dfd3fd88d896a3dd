import { derived } from '../../kit/derived.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { type Decisions, noDecisions } from '../../model/topology/topology.ts'
import type { Store } from '../../ports/store.ts'
import { aliasPatterns, clusterAliases } from './cluster-aliases.ts'
import { isSame } from './same.ts'
import type { InventorySettings } from './settings.ts'

export interface ClusterDecisionsParts {
  readonly settings: InventorySettings
  readonly store: Pick<Store, 'aliases' | 'domains'>
  readonly instances: () => Iterable<Instance>
  readonly countBelow: (instance: Instance) => number
  readonly changed: () => void
  /** Something that other programs look for in the store is being written there. */
  readonly writes: (what: string, written: Promise<void>) => void
}

/** What is decided of clusters and of all of them: by people, or where nobody decided, by what servers suggest. */
export class ClusterDecisions {
  readonly #parts: ClusterDecisionsParts
  readonly #patterns: () => ReturnType<typeof aliasPatterns>
  #decisions: Decisions = noDecisions
  /** What people decided, as opposed to what servers suggest. */
  #decidedAliases: ReadonlyMap<string, string> = new Map()
  #aliases: ReadonlyMap<string, string> | null = null

  constructor(parts: ClusterDecisionsParts) {
    this.#parts = parts
    this.#patterns = derived(parts.settings, ({ clusterNameToAlias }) => aliasPatterns(clusterNameToAlias))
  }

  load(aliases: ReadonlyMap<string, string>, remembered: Pick<Decisions, 'domains' | 'recoveriesDisabled'>): void {
    this.#decidedAliases = aliases
    this.#aliases = null
    this.#decide(remembered)
  }

  /** As they are now; clusters are named anew where servers changed. */
  get current(): Decisions {
    this.#aliases ??= this.#nameClusters()
    this.#decisions = { ...this.#decisions, aliases: this.#aliases }
    return this.#decisions
  }

  /** What servers suggest may be another thing now. */
  serversChanged(): void {
    this.#aliases = null
  }

  /** '' takes a decision back. */
  setAlias(clusterName: string, alias: string): void {
    const decided = new Map(this.#decidedAliases)
    if (alias === '') decided.delete(clusterName)
    else decided.set(clusterName, alias)
    this.#decidedAliases = decided
    this.#aliases = null
    this.#decide({})
  }

  /** A cluster's primary changed, and with it the cluster's name: what was decided for the old name is for the new one. */
  renameCluster(from: string, to: string): void {
    const alias = this.#decidedAliases.get(from)
    const domain = this.#decisions.domains.get(from)
    if (alias !== undefined) this.#decidedAliases = new Map([...this.#decidedAliases].filter(([name]) => name !== from)).set(to, alias)
    this.#aliases = null
    this.#decide(domain === undefined ? {} : { domains: new Map(this.#decisions.domains).set(to, domain) })
  }

  setRecoveriesDisabled(recoveriesDisabled: Decisions['recoveriesDisabled']): void {
    this.#decide({ recoveriesDisabled })
  }

  /** As another process wrote them. */
  followDomains(domains: ReadonlyMap<string, string>): void {
    if (!isSame([...domains], [...this.#decisions.domains])) this.#decide({ domains })
  }

  /** A primary says which domain its cluster is of. */
  noteDomain(clusterName: string, domain: string): void {
    if (this.#decisions.domains.get(clusterName) === domain) return
    this.#decide({ domains: new Map(this.#decisions.domains).set(clusterName, domain) })
    this.#parts.writes('cluster domain', this.#parts.store.domains.set(clusterName, domain))
  }

  /** Clusters by alias; a new one is also stored, where other programs look for it. */
  #nameClusters(): ReadonlyMap<string, string> {
    const { instances, countBelow, store, writes } = this.#parts
    const aliases = clusterAliases([...instances()], countBelow, this.#decidedAliases, this.#patterns())
    for (const [clusterName, alias] of aliases) {
      if (this.#decidedAliases.has(clusterName) || this.#decisions.aliases.get(clusterName) === alias) continue
      writes('cluster alias', store.aliases.register(clusterName, alias))
    }
    return aliases
  }

  #decide(changes: Partial<Decisions>): void {
    this.#decisions = { ...this.#decisions, ...changes }
    this.#parts.changed()
  }
}
