import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ProbeOptions, Servers } from '../../ports/servers.ts'
import type { Observer } from '../execution/step-runner.ts'
import type { Inventory } from '../inventory/inventory.ts'

/** The servers as recovery sees them: the newest snapshot, and a look at one of them now. */
export interface Fleet extends Observer {
  topology(): Topology
  /** A look at everything the server tells, its binary log's coordinates included. */
  look(key: InstanceKey, deadlineMilliseconds: number, depth?: ProbeOptions['depth']): Promise<Instance | undefined>
}

/** Looks go through the inventory, so that what recovery sees is what everybody sees. */
export class InventoryFleet implements Fleet {
  readonly #inventory: Inventory
  readonly #servers: Servers
  readonly #clock: Clock

  constructor(inventory: Inventory, servers: Servers, clock: Clock) {
    this.#inventory = inventory
    this.#servers = servers
    this.#clock = clock
  }

  topology(): Topology {
    return this.#inventory.topology
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#inventory.get(key)
  }

  async look(key: InstanceKey, deadlineMilliseconds: number, depth: ProbeOptions['depth'] = 'replication'): Promise<Instance | undefined> {
    const startedAtMonotonic = this.#clock.monotonic()
    const probed = await this.#servers.probe(key, { depth, deadlineMilliseconds })
    const reading = { asked: key, startedAtMonotonic, at: this.#clock.now(), latencyMilliseconds: this.#clock.monotonic() - startedAtMonotonic }
    if (probed.ok) return this.#inventory.apply({ ...reading, outcome: 'read', facts: probed.value })
    this.#inventory.apply({ ...reading, outcome: 'failed', failure: probed.failure })
    return undefined
  }
}
