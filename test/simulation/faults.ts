import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Simulation } from './simulation.ts'

export interface Fault {
  readonly says: string
  /** May a failover follow? If no fault of a run may cause one, none is allowed (I10). */
  readonly mayFailOver: boolean
  /** The answer heals it, however often it is called. */
  readonly begin: (simulation: Simulation) => () => void
}

type Make = (simulation: Simulation, pick: (count: number) => number) => Fault

const nothing = (): void => {}
const all = (...heals: readonly (() => void)[]) => (): void => { for (const heal of heals) heal() }

/** Every other end of the network. */
const others = (simulation: Simulation, name: string): readonly string[] => [...simulation.places].filter(place => place !== name)
const isolated = (simulation: Simulation, name: string, except: readonly string[] = []): (() => void) =>
  all(...others(simulation, name).filter(other => !except.includes(other)).flatMap(other => [simulation.network.cut(name, other), simulation.network.cut(other, name)]))

const server = (simulation: Simulation, pick: (count: number) => number): InstanceKey => simulation.keys[pick(simulation.keys.length)] ?? simulation.first
const replica = (simulation: Simulation, pick: (count: number) => number): InstanceKey => simulation.keys[1 + pick(simulation.keys.length - 1)] ?? simulation.first

/** What may go wrong. Each is made anew for a run, with its own servers. */
export const faults: Readonly<Record<string, Make>> = {
  'kill': (simulation, pick) => {
    const [key, comesBack] = [server(simulation, pick), pick(3) > 0]
    return {
      says: `kill -9 of ${key}${comesBack ? ', restarted later' : ''}`, mayFailOver: true,
      begin: ({ all: servers, clock }) => {
        const model = servers.get(key)
        model?.crash()
        if (comesBack) clock.after(1000 + pick(20_000), () => model?.start())
        return () => model?.start()
      },
    }
  },
  'kill-primary': ({ first }) => ({
    says: `kill -9 of ${first}`, mayFailOver: true,
    begin: ({ all: servers }) => {
      servers.get(first)?.crash()
      return () => servers.get(first)?.start()
    },
  }),
  'acknowledger-dies-too': (simulation, pick) => {
    const { first, keys } = simulation
    const key = replica(simulation, pick)
    return {
      says: `for a while ${first} is heard by ${key} alone, then both are killed`, mayFailOver: true,
      begin: ({ all: servers, clock, network }) => {
        const heal = all(...keys.filter(other => other !== first && other !== key).flatMap(other => [network.cut(first, other), network.cut(other, first)]))
        clock.after(3000, () => {
          for (const dying of [key, first]) servers.get(dying)?.crash()
          heal()
        })
        return () => {
          for (const dying of [key, first]) servers.get(dying)?.start()
        }
      },
    }
  },
  'moved-just-before': ({ first, keys }) => {
    const [beside, moved] = [keys[1] ?? first, keys[2] ?? first]
    return {
      says: `somebody moves ${moved} below ${beside}, and later back below ${first}, which is killed a moment after that`, mayFailOver: true,
      begin: ({ all: servers, clock }) => {
        const move = (to: InstanceKey): void => {
          const model = servers.get(moved)
          model?.stopReceiver()
          model?.changeSource(to, { namesAutoPosition: false })
          model?.startReceiver()
        }
        move(beside)
        clock.after(5000, () => {
          move(first)
          clock.after(100, () => servers.get(first)?.crash())
        })
        return nothing
      },
    }
  },
  'hang': (simulation, pick) => {
    const [key, milliseconds] = [server(simulation, pick), 1000 + pick(30_000)]
    return {
      says: `${key} hangs for ${milliseconds} ms`, mayFailOver: true,
      begin: ({ all: servers, clock }) => {
        servers.get(key)?.hang()
        const goOn = (): void => servers.get(key)?.goOn()
        clock.after(milliseconds, goOn)
        return goOn
      },
    }
  },
  'isolate': (simulation, pick) => {
    const key = server(simulation, pick)
    return { says: `${key} is cut off from everybody`, mayFailOver: true, begin: world => isolated(world, key) }
  },
  'isolate-with-client': (simulation, pick) => {
    const [key, client] = [server(simulation, pick), simulation.clients[0]?.name ?? '']
    return { says: `${key} is cut off from everybody but ${client}`, mayFailOver: true, begin: world => isolated(world, key, [client]) }
  },
  'one-way': (simulation, pick) => {
    const [from, to] = [server(simulation, pick), server(simulation, pick)]
    return { says: `${to} does not hear ${from}`, mayFailOver: true, begin: ({ network }) => network.cut(from, to) }
  },
  'replication-cut': ({ first, keys }) => ({
    says: `replicas do not reach ${first}`, mayFailOver: true,
    begin: ({ network }) => all(...keys.slice(1).flatMap(key => [network.cut(first, key), network.cut(key, first)])),
  }),
  'manager-blind': simulation => ({
    says: 'the managers do not reach the primary; everybody else does', mayFailOver: false,
    begin: ({ network, managers }) => all(...managers.flatMap(({ name }) => [network.cut(simulation.first, name), network.cut(name, simulation.first)])),
  }),
  'manager-half-blind': (simulation, pick) => {
    const key = replica(simulation, pick)
    return { says: `the managers do not reach ${key}`, mayFailOver: false, begin: ({ network, managers }) => all(...managers.flatMap(({ name }) => [network.cut(key, name), network.cut(name, key)])) }
  },
  'manager-killed': (simulation, pick) => {
    const [index, milliseconds] = [pick(simulation.managers.length), 500 + pick(8000)]
    return { says: `manager ${index + 1} is killed and is back after ${milliseconds} ms`, mayFailOver: false, begin: world => world.killManager(index, milliseconds) }
  },
  'manager-killed-while-it-recovers': (simulation, pick) => {
    const { first } = simulation
    const moments = ['stop-receiver', 'wait-executed', 'set-writable', 'change-source', 'forget-source']
    const [moment, late, milliseconds] = [moments[pick(moments.length)] ?? 'set-writable', pick(3) * pick(30), 200 + pick(8000)]
    return {
      says: `kill -9 of ${first}, and of the manager that recovers it, ${late} ms after the first ${moment}; it is back after ${milliseconds} ms`, mayFailOver: true,
      begin: world => {
        let isDone = false
        world.witness.onStep(step => {
          if (isDone || step.do !== moment) return
          isDone = true
          world.clock.after(late, () => world.killManager(world.managers.findIndex(({ manager }) => manager.isLeader), milliseconds))
        })
        world.all.get(first)?.crash()
        return () => world.all.get(first)?.start()
      },
    }
  },
  'lossy': (_simulation, pick) => {
    const share = 0.02 + 0.1 * (pick(100) / 100)
    return {
      says: `${Math.round(share * 100)} % of questions and answers of the managers get lost`, mayFailOver: false,
      begin: world => {
        world.lossShare = share
        return () => void (world.lossShare = 0)
      },
    }
  },
  'slow-network': (_simulation, pick) => {
    const milliseconds = 5 + pick(80)
    return {
      says: `every message takes ${milliseconds} ms more`, mayFailOver: false,
      begin: ({ network }) => {
        network.slowness = milliseconds
        return () => void (network.slowness = 0)
      },
    }
  },
  'slow-applier': (simulation, pick) => {
    const [key, milliseconds] = [replica(simulation, pick), 50 + pick(300)]
    return {
      says: `${key} takes ${milliseconds} ms to apply a transaction`, mayFailOver: false,
      begin: ({ all: servers }) => {
        const model = servers.get(key)
        if (model !== undefined) model.applierSlowness = milliseconds
        return () => { if (model !== undefined) model.applierSlowness = 0 }
      },
    }
  },
  'replica-killed': (simulation, pick) => {
    const key = replica(simulation, pick)
    return {
      says: `kill -9 of the replica ${key}`, mayFailOver: false,
      begin: ({ all: servers }) => {
        servers.get(key)?.crash()
        return () => servers.get(key)?.start()
      },
    }
  },
  'errant': (simulation, pick) => {
    const [key, count] = [replica(simulation, pick), 1 + pick(3)]
    return {
      says: `somebody writes ${count} transactions on the replica ${key}`, mayFailOver: false,
      begin: ({ all: servers }) => {
        for (let left = count; left > 0 && servers.get(key)?.isUp === true; left -= 1) servers.get(key)?.writeErrant()
        return nothing
      },
    }
  },
  'clock-step': (simulation, pick) => {
    const [index, milliseconds] = [pick(simulation.managers.length), (pick(2) === 0 ? 1 : -1) * 3_600_000]
    return {
      says: `the clock of manager ${index + 1} is put ${milliseconds > 0 ? 'forward' : 'back'} by an hour`, mayFailOver: false,
      begin: ({ managers }) => {
        managers[index]?.manager.clock.step(milliseconds)
        return nothing
      },
    }
  },
  'takeover': (simulation, pick) => {
    const key = replica(simulation, pick)
    return {
      says: `a person asks for a takeover by ${key}`, mayFailOver: true,
      begin: world => {
        world.takeover(key)
        return nothing
      },
    }
  },
}
