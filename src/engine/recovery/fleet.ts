import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { ProbeOptions } from '../../ports/servers.ts'
import type { Discovery } from '../discovery/discovery.ts'
import type { Observer } from '../execution/step-runner.ts'
import type { Inventory } from '../inventory/inventory.ts'

/** The servers as recovery sees them: the newest snapshot, and a look at one of them now. */
export interface Fleet extends Observer {
  topology(): Topology
  /** `full`: everything the server tells, its binary log's coordinates included. */
  look(key: InstanceKey, deadlineMilliseconds: number, depth?: ProbeOptions['depth']): Promise<Instance | undefined>
}

/** Looks go through discovery into the inventory, so that what recovery sees is what everybody sees. */
export class DiscoveredFleet implements Fleet {
  readonly #inventory: Inventory
  readonly #discovery: Pick<Discovery, 'look' | 'probeNow'>

  constructor(inventory: Inventory, discovery: Pick<Discovery, 'look' | 'probeNow'>) {
    this.#inventory = inventory
    this.#discovery = discovery
  }

  topology(): Topology {
    return this.#inventory.topology
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#inventory.get(key)
  }

  async look(key: InstanceKey, deadlineMilliseconds: number, depth: ProbeOptions['depth'] = 'replication'): Promise<Instance | undefined> {
    if (depth === 'replication') return this.#discovery.look(key, deadlineMilliseconds)
    return (await this.#discovery.probeNow([key], depth, deadlineMilliseconds)).get(key)
  }
}
