import type { Act, ActName } from './acts/act.ts'
import { moveActs } from './acts/moves.ts'
import { noteActs } from './acts/notes.ts'
import { replicationActs } from './acts/replication.ts'
import { serverActs } from './acts/server.ts'

export type { Act, ActName, WhyNot } from './acts/act.ts'

/** The menu of a server, the same in tree, list and panel. */
export const acts: readonly Act[] = [...moveActs, ...replicationActs, ...serverActs, ...noteActs]

export const actNamed = (name: ActName): Act | undefined => acts.find(act => act.name === name)
