import type { GroupParts } from '../engine/operations/group-parts.ts'
import type { NodeStandingKeeper } from './node-health.ts'

/** Managers that share one store, as operations and the page ask about them: each serves for itself. */
export const sharedManagers = ({ group }: Pick<NodeStandingKeeper, 'group'>): GroupParts => ({
  standing: () => group.standing(), onStanding: listener => group.onStanding(listener), raft: null,
  election: group,
})
