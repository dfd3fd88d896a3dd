import type { Configuration, MemberId } from '../../model/raft/types.ts'
import { nameOf } from './raft-names.ts'

export interface WantedMembers {
  /** Asked to be taken in a moment ago, each with the disk it has now. */
  readonly joining: readonly MemberId[]
  /** Names that a person has taken out. */
  readonly removed: ReadonlySet<string>
}

export type MembersChange = Pick<Configuration, 'voters' | 'learners'>

/**
 * The next change that brings the members nearer to what is wanted; null: none. Who joins learns first, and takes the vote of the disk that it had before in
 * one joint change. One change at a time.
 */
export function nextMembers({ voters, outgoing, learners }: Configuration, { joining, removed }: WantedMembers): MembersChange | null {
  if (outgoing.length > 0) return null
  const staying = voters.filter(member => !removed.has(nameOf(member)))
  const learning = learners.filter(member => !removed.has(nameOf(member)))
  if (staying.length > 0 && staying.length + learning.length < voters.length + learners.length) return { voters: staying, learners: learning }
  const fresh = joining.find(member => !voters.includes(member) && !learners.includes(member) && !removed.has(nameOf(member)))
  if (fresh !== undefined) return { voters, learners: [...learners.filter(member => nameOf(member) !== nameOf(fresh)), fresh] }
  const ready = learners.find(member => joining.includes(member))
  if (ready === undefined) return null
  return { voters: [...voters.filter(member => nameOf(member) !== nameOf(ready)), ready], learners: learners.filter(member => member !== ready) }
}
