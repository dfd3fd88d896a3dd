import type { Store } from '../../ports/store.ts'
import type { Tally } from './tally.ts'

/** The same store; what the figures of the contract tell of it is counted. */
export function countedStore(store: Store, tally: Pick<Tally, 'count'>): Store {
  const { instances, hostNames, analysisChanges } = store
  return {
    ...store,
    instances: {
      flush: () => instances.flush(), forget: keys => instances.forget(keys), keys: () => instances.keys(), // an object of a class: nothing of it can be spread
      load: async wish => {
        const loaded = await instances.load(wish)
        tally.count('instance.read', loaded.length)
        return loaded
      },
      save: async saved => {
        await instances.save(saved)
        tally.count('instance.write', saved.length)
      },
    },
    hostNames: {
      ...hostNames,
      resolved: () => {
        tally.count('resolve.read_resolved_all')
        return hostNames.resolved()
      },
      resolve: name => {
        tally.count('resolve.write_resolved')
        return hostNames.resolve(name)
      },
      unresolved: () => {
        tally.count('resolve.read_unresolved')
        return hostNames.unresolved()
      },
      unresolve: name => {
        tally.count('resolve.write_unresolved')
        return hostNames.unresolve(name)
      },
      endUnresolve: host => {
        tally.count('resolve.write_unresolved')
        return hostNames.endUnresolve(host)
      },
    },
    analysisChanges: {
      ...analysisChanges,
      note: async change => {
        tally.count('analysis.change.write.attempt')
        await analysisChanges.note(change)
        tally.count('analysis.change.write')
      },
    },
  }
}
