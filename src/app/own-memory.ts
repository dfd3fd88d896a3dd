import type { Inventory } from '../engine/inventory/inventory.ts'
import type { Command } from '../engine/journal/commands.ts'
import { every } from '../engine/journal/every.ts'
import type { GroupProposer } from '../engine/journal/group-proposer.ts'
import type { Proposer } from '../engine/journal/journal.ts'
import { ServerTeller } from '../engine/journal/server-teller.ts'
import type { SharedWorld } from '../engine/journal/shared-world.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Group } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'

/** A manager whose own database was not written to for so long leads no more, and ends after so long (contract high-availability.md 3.8). */
const backendMilliseconds = { yields: 5000, ends: 30_000 }
const backendLookMilliseconds = 1000

/** A leader whose memory is not yet that of the group tries so often. */
const adoptMilliseconds = 2000

export interface OwnMemoryParts {
  readonly group: Group<Command>
  readonly world: SharedWorld
  readonly proposer: GroupProposer
  readonly store: Store
  readonly inventory: Inventory
  readonly clock: Clock
  readonly log: Log
  /** The program cannot go on. */
  readonly fatal: (text: string) => void
}

/** A manager that has a database of its own, as every one has in a group that remembers by commands, whatever makes them one. */
export interface OwnMemory {
  /** Resolves when the group knows this server: others poll it too, and know it when they lead. Rejects when it does not. */
  tellServer(key: InstanceKey): Promise<void>
  /** This manager's own database has just been written to. */
  noteBackend(): void
  close(): void
}

/** This process as one of several managers, whatever makes them one. */
export interface Managers<Way extends Group<Command>> extends Omit<OwnMemory, 'close'> {
  readonly group: Way
  readonly world: SharedWorld
  readonly proposer: Proposer
  readonly parts: GroupParts
  close(): Promise<void>
}

/**
 * Servers that this manager knew before it was of any group are a part of its memory, so that they come with it when it becomes the group's, whoever leads
 * from then on. A database that was in a group takes all of that group instead.
 */
export const rememberServers = (store: Store, inventory: Inventory): Promise<void> => store.shared.know([...inventory.keys()])

/** The first leader's memory becomes the group's; its servers are told; whose database cannot be written to does not lead. */
export function keepOwnMemory({ group, world, proposer, store, inventory, clock, log, fatal }: OwnMemoryParts): OwnMemory {
  let backendAt = clock.monotonic()
  const adopt = (): void => {
    if (group.isLeader() && world.isUnnamed) void proposer.adopt().catch((error: unknown) => log.warning('the memory of this member could not be made that of the group yet', { text: String(error) }))
  }
  const teller = new ServerTeller({ group, world, proposer, known: () => store.shared.known(), inventory, clock, log })
  const cancels = [
    group.onStanding(adopt),
    every(clock, adoptMilliseconds, adopt),
    () => teller.close(),
    every(clock, backendLookMilliseconds, () => {
      const silent = clock.monotonic() - backendAt
      if (silent > backendMilliseconds.ends) fatal('Node is unable to register health. Please check database connnectivity and/or time synchronisation.')
      else if (silent > backendMilliseconds.yields) {
        log.error(`Health test is failing for over ${backendMilliseconds.yields / 1000} seconds. ${group.mode} yielding`)
        void group.stepAside(null)
      }
    }),
  ]
  return { tellServer: key => teller.tell(key), noteBackend: () => { backendAt = clock.monotonic() }, close: () => { for (const cancel of cancels) cancel() } }
}
