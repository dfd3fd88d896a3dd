import { setTimeout as sleep } from 'node:timers/promises'
import { clusterAlias } from '../harness/cluster/manager.ts'
import type { RemoteProxy } from '../harness/fault-proxy/remote-proxy.ts'
import { databases, type World } from '../harness/cluster/world.ts'

/** What must come of a fault: another primary; the same primary; another source for replicas; whichever is right. */
export type Expected = 'another primary' | 'same primary' | 'either'

export interface Occasion {
  readonly world: World
  readonly primary: string
  readonly random: () => number
}

export interface Fault {
  readonly expects: Expected
  /** Does the harm; answers what ends it. It is ended after `holdMillis`, or, for another primary, as soon as there is one and `holdMillis` have passed. */
  readonly holdMillis: number
  /** Only in a world with fault proxies (`--proxied`). */
  readonly needsProxy?: true
  strike(occasion: Occasion): Promise<() => Promise<void>>
}

const pick = <Item>(items: readonly Item[], random: () => number): Item => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

const replicasOf = ({ primary }: Occasion): readonly string[] => databases.filter(name => name !== primary)

const killed = (name: (occasion: Occasion) => string | Promise<string>) => async (occasion: Occasion): Promise<() => Promise<void>> => {
  const server = occasion.world.server(await name(occasion))
  await server.kill()
  return () => server.start()
}

const frozen = async ({ world, primary }: Occasion): Promise<() => Promise<void>> => {
  world.server(primary).freeze()
  return () => Promise.resolve(world.server(primary).resume())
}

const healed = (cut: (occasion: Occasion) => Promise<void>) => async (occasion: Occasion): Promise<() => Promise<void>> => {
  await cut(occasion)
  return () => occasion.world.network.heal()
}

const onProxy = (act: (proxy: RemoteProxy, occasion: Occasion) => Promise<void>) => async (occasion: Occasion): Promise<() => Promise<void>> => {
  const proxy = occasion.world.proxy(occasion.primary)
  await act(proxy, occasion)
  return () => proxy.heal()
}

const nothingToEnd = (): Promise<void> => Promise.resolve()

/** The faults of a soak, by name. To add one: an entry here. */
export const faults: Readonly<Record<string, Fault>> = {
  'primary killed': { expects: 'another primary', holdMillis: 3000, strike: killed(({ primary }) => primary) },
  'primary killed and back at once': { expects: 'either', holdMillis: 0, strike: killed(({ primary }) => primary) },
  'primary stopped': {
    expects: 'another primary', holdMillis: 3000,
    strike: async ({ world, primary }) => {
      await world.server(primary).stop()
      return () => world.server(primary).start()
    },
  },
  'primary frozen for 12 s': { expects: 'another primary', holdMillis: 12_000, strike: frozen },
  'primary frozen for 0.8 s': { expects: 'same primary', holdMillis: 800, strike: frozen },
  'primary isolated': { expects: 'another primary', holdMillis: 12_000, strike: healed(({ world, primary }) => world.network.isolate(primary)) },
  'replicas cut from the primary': {
    expects: 'either', holdMillis: 12_000,
    strike: healed(async occasion => {
      for (const replica of replicasOf(occasion)) await occasion.world.network.cutBoth(replica, occasion.primary)
    }),
  },
  'one replica cut from the primary': {
    expects: 'same primary', holdMillis: 8000, strike: healed(occasion => occasion.world.network.cutBoth(pick(replicasOf(occasion), occasion.random), occasion.primary)),
  },
  'primary on a slow cable': { expects: 'either', holdMillis: 10_000, strike: healed(({ world, primary }) => world.network.slow(primary, 128)) },
  'replica on a slow cable': { expects: 'same primary', holdMillis: 10_000, strike: healed(occasion => occasion.world.network.slow(pick(replicasOf(occasion), occasion.random), 64)) },
  'manager on a slow cable': { expects: 'same primary', holdMillis: 10_000, strike: healed(({ world }) => world.network.slow('manager', 128)) },
  'manager cut from the primary': { expects: 'same primary', holdMillis: 10_000, strike: healed(({ world, primary }) => world.network.cutBoth('manager', primary)) },
  'manager cut from everybody': { expects: 'same primary', holdMillis: 8000, strike: healed(async ({ world }) => {
    for (const name of databases) await world.network.cutBoth('manager', name)
  }) },
  'clients cut from the primary': { expects: 'same primary', holdMillis: 5000, strike: healed(({ world, primary }) => world.network.cutBoth('clients', primary)) },
  'primary cannot answer the manager': { expects: 'same primary', holdMillis: 8000, strike: healed(({ world, primary }) => world.network.cut(primary, 'manager')) },
  'replica killed': { expects: 'same primary', holdMillis: 2000, strike: killed(occasion => pick(replicasOf(occasion), occasion.random)) },
  'intermediate primary killed': {
    expects: 'same primary', holdMillis: 3000,
    strike: killed(async occasion => {
      const states = await occasion.world.watch.states()
      const followed = replicasOf(occasion).filter(name => [...states.values()].some(state => state?.source === occasion.world.server(name).key))
      return pick(followed.length > 0 ? followed : replicasOf(occasion), occasion.random)
    }),
  },
  'manager killed': {
    expects: 'same primary', holdMillis: 500,
    strike: async ({ world }) => {
      await world.manager.kill()
      return () => world.manager.start()
    },
  },
  'manager killed while it recovers': {
    expects: 'another primary', holdMillis: 3000,
    strike: async ({ world, primary, random }) => {
      await world.server(primary).kill()
      await sleep(random() * 400)
      await world.manager.kill()
      await world.manager.start()
      return () => world.server(primary).start()
    },
  },
  'planned takeover': {
    expects: 'another primary', holdMillis: 0,
    strike: async ({ world, primary, random }) => {
      const states = await world.watch.states()
      const direct = replicasOf({ world, primary, random }).filter(name => states.get(name)?.source === world.server(primary).key)
      const answer = await world.manager.get<{ Code: string; Message: string }>(`/api/graceful-master-takeover-auto/${clusterAlias}/${world.path(pick(direct, random))}`)
      if (answer.Code !== 'OK') throw new Error(`takeover: ${answer.Message}`)
      return nothingToEnd
    },
  },
  'replica relocated': {
    expects: 'same primary', holdMillis: 0,
    strike: async occasion => {
      const { world, random } = occasion
      const replica = pick(replicasOf(occasion), random)
      const target = pick(databases.filter(name => name !== replica), random)
      const relocate = (): Promise<{ Code: string; Message: string }> => world.manager.get(`/api/relocate/${world.path(replica)}/${world.path(target)}`)
      let answer = await relocate()
      // What the fault before left to be done may still be under way: an operator would wait for it, too.
      for (let tries = 0; tries < 20 && /another change of it is running/.test(answer.Message); tries += 1) {
        await sleep(500)
        answer = await relocate()
      }
      if (answer.Code !== 'OK' && !/is a descendant of/.test(answer.Message)) throw new Error(`relocate ${replica} below ${target}: ${answer.Message}`)
      return nothingToEnd
    },
  },
  'primary answers late': {
    expects: 'either', holdMillis: 8000, needsProxy: true, strike: onProxy(proxy => proxy.set('both', { delayMillis: 150, jitterMillis: 250 })),
  },
  'answers of the primary drip': {
    expects: 'either', holdMillis: 8000, needsProxy: true, strike: onProxy(proxy => proxy.set('to client', { drip: { bytes: 256, everyMillis: 5 } })),
  },
  'answers of the primary to the manager drip': {
    expects: 'same primary', holdMillis: 8000, needsProxy: true,
    strike: onProxy((proxy, { world }) => proxy.set('to client', { drip: { bytes: 64, everyMillis: 50 } }, { from: world.network.address('manager') })),
  },
  'connections of the manager die after 20 kB': {
    expects: 'same primary', holdMillis: 8000, needsProxy: true,
    strike: onProxy((proxy, { world }) => proxy.set('to client', { holdAfterBytes: 20_000 }, { from: world.network.address('manager') })),
  },
  'connections to the primary are reset': { expects: 'same primary', holdMillis: 1000, needsProxy: true, strike: onProxy(proxy => proxy.reset()) },
  'a replica hears nothing of the primary any more': {
    expects: 'same primary', holdMillis: 8000, needsProxy: true,
    strike: onProxy((proxy, { world, primary, random }) => proxy.set('to client', { holdAfterBytes: 0 }, { from: world.network.address(pick(replicasOf({ world, primary, random }), random)) })),
  },
  'primary frozen behind open connections': {
    expects: 'another primary', holdMillis: 12_000, needsProxy: true, strike: onProxy(proxy => proxy.set('both', { holdAfterBytes: 0 })),
  },
}
