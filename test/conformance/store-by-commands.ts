import { GroupProposer } from '../../src/engine/journal/group-proposer.ts'
import type { Command } from '../../src/engine/journal/commands.ts'
import { Journal } from '../../src/engine/journal/journal.ts'
import { commandTable, type GroupRemembered, SharedWorld } from '../../src/engine/journal/shared-world.ts'
import { storeByCommands } from '../../src/engine/journal/store-by-commands.ts'
import { CommandMachine } from '../../src/engine/raft/command-machine.ts'
import { ok } from '../../src/kit/result.ts'
import type { Group } from '../../src/ports/group.ts'
import type { Store } from '../../src/ports/store.ts'
import type { StoreEngine } from './store-engines.ts'

/** Nothing is shown. */
const remembered: GroupRemembered = {
  setDowntime: () => undefined, setMaintenance: () => undefined, forget: () => Promise.resolve(), setAlias: () => undefined, renameCluster: () => undefined,
  setPromotionRule: () => undefined, setVirtualName: () => undefined, setRecoveriesDisabled: () => undefined, clusterNameOf: () => '', addBare: () => true, believe: () => true,
}
const audit = { write: () => undefined }

/** An engine whose store is changed by commands: at once, or by those of a group that has one member, at the places that a log would give them. */
export async function byCommands(make: () => Promise<StoreEngine>, way: 'at once' | 'group'): Promise<StoreEngine> {
  const engine = await make()
  const log: Saved = { index: 0, snapshot: new Uint8Array() }
  return {
    ...engine,
    async reset() {
      Object.assign(log, { index: 0, snapshot: new Uint8Array() })
      await engine.reset()
    },
    async open() {
      const store = await engine.open()
      return way === 'at once' ? atOnce(store) : inGroup(store, engine.clock, log)
    },
  }
}

/** Much time goes by between any two writes, so that none is left out for having been made a moment ago. */
let now = 0
const clock = { monotonic: () => (now += 3_600_000), sleep: () => Promise.resolve() }
let ids = 0

function atOnce(store: Store): Store {
  const journal = new Journal({ store, remembered, audit })
  return storeByCommands({ store, journal: () => journal, clock, group: null, suggestAgainMilliseconds: () => 0 })
}

/** What outlives the closing of a store: here a snapshot is taken then. */
interface Saved {
  index: number
  snapshot: Uint8Array
}

async function inGroup(store: Store, time: { now(): number }, log: Saved): Promise<Store> {
  const world = new SharedWorld({ memory: store.shared, remembered, audit })
  const machine = new CommandMachine(commandTable, world)
  let last: Promise<unknown> = Promise.resolve()
  await machine.restore(log.snapshot)
  const propose: Group<Command>['propose'] = async (command, id) => {
    log.index += 1
    const place = { index: log.index, term: 1 }
    const applied = last.then(() => machine.apply(place, CommandMachine.encode({ id, by: 'one', at: time.now(), command })))
    last = applied.catch(() => undefined)
    return ok(await applied)
  }
  const proposer = new GroupProposer({ group: { propose }, world, random: { hex: () => `id${++ids}` }, clock })
  const journal = new Journal({ store: store.shared.store, remembered, audit }, proposer)
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return store.close()
    isOpen = false
    log.snapshot = await machine.snapshot()
    return store.close()
  }
  const written = { ...store, close }
  return storeByCommands({ store: written, journal: () => journal, clock, group: { isLeader: () => true, confirm: () => Promise.resolve(null) }, suggestAgainMilliseconds: () => 60_000 })
}
