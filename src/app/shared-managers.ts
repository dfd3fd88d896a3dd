import type { GroupParts } from '../engine/operations/group-parts.ts'
import { groupReason } from '../engine/operations/views/group-view.ts'
import type { NodeStandingKeeper } from './node-health.ts'
import type { NodeIdentity } from './node-identity.ts'

/** Managers that share one store, as operations and the page ask about them: each serves for itself. */
export function sharedManagers(keeper: NodeStandingKeeper, { hostname }: NodeIdentity): GroupParts {
  return {
    standing: () => {
      const { leaderName } = keeper
      const names = [...new Set([hostname, leaderName])].filter(name => name !== '')
      return {
        mode: 'shared-store', self: hostname, state: keeper.isLeader() ? 'leader' : 'follower', leader: leaderName === '' ? null : { name: leaderName, uri: null }, term: 0,
        isPartOfQuorum: leaderName !== '', log: null, members: names.map(name => ({ name, uri: null, votes: true, isHeard: null, matched: null })),
        says: leaderName === '' ? groupReason('no-manager-acts', {}) : groupReason('one-manager-is-enough', { count: names.length }),
      }
    },
    onStanding: () => () => undefined,
    raft: null,
  }
}
