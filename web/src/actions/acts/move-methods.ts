import type { OperationName } from '../../../../src/contract/all.ts'
import type { en } from '../../words/en.ts'

export type MoveMethod = keyof typeof en.move.methods

/** Ways of moving one server, and of moving all replicas of one; null where there is no such operation. */
export const moveMethods: Readonly<Record<MoveMethod, { readonly server: OperationName | null; readonly replicas: OperationName | null }>> = {
  auto: { server: 'relocate', replicas: 'relocate-replicas' },
  gtid: { server: 'move-gtid', replicas: 'move-replicas-gtid' },
  position: { server: 'move-below', replicas: null },
  pseudo: { server: 'match', replicas: 'match-replicas' },
  equivalence: { server: 'move-equivalent', replicas: null },
  anew: { server: 'repoint', replicas: 'repoint-replicas' },
}

export const moveOperations = (what: 'server' | 'replicas'): readonly OperationName[] => Object.values(moveMethods).flatMap(each => each[what] ?? [])
