import type { Configuration, LogIndex, MemberId, MemberRefusal } from './types.ts'

const majorityOf = (members: readonly MemberId[]): number => Math.floor(members.length / 2) + 1

/** Whether those for whom `holds` is true may decide: a majority of the voters and, in a joint configuration, of the outgoing ones too. No voters: nobody may. */
export function isQuorum(configuration: Configuration, holds: (member: MemberId) => boolean): boolean {
  const { voters, outgoing } = configuration
  if (voters.length === 0) return false
  const isMajority = (members: readonly MemberId[]): boolean => members.filter(holds).length >= majorityOf(members)
  return isMajority(voters) && (outgoing.length === 0 || isMajority(outgoing))
}

/** The highest place that a quorum holds, where `matched` is what each one holds for sure. */
export function quorumIndex(configuration: Configuration, matched: (member: MemberId) => LogIndex): LogIndex {
  const { voters, outgoing } = configuration
  if (voters.length === 0) return 0
  const held = (members: readonly MemberId[]): LogIndex => members.map(matched).sort((left, right) => right - left)[majorityOf(members) - 1] ?? 0
  return outgoing.length === 0 ? held(voters) : Math.min(held(voters), held(outgoing))
}

export const isJoint = ({ outgoing }: Configuration): boolean => outgoing.length > 0
export const isVoter = ({ voters, outgoing }: Configuration, member: MemberId): boolean => voters.includes(member) || outgoing.includes(member)

/** Everyone that the log is sent to, once each. */
export function membersOf({ voters, outgoing, learners }: Configuration): readonly MemberId[] {
  return [...new Set([...voters, ...outgoing, ...learners])]
}

const isSameSet = (left: readonly MemberId[], right: readonly MemberId[]): boolean => left.length === right.length && left.every(member => right.includes(member))

/**
 * The next configuration on the way to what is wanted. Where the voters stay, it is reached at once; otherwise through a joint one, whose decisions need both
 * majorities, so that no two majorities of old and new can decide apart (thesis, 4.3). `votersMax` bounds either side.
 */
export function nextConfiguration(
  now: Configuration, wanted: Pick<Configuration, 'voters' | 'learners'>, votersMax: number,
): { readonly configuration: Configuration } | { readonly refusal: MemberRefusal } {
  const { voters, learners } = wanted
  if (voters.length === 0) return { refusal: 'no-voters' }
  if (voters.length > votersMax) return { refusal: 'too-many-voters' }
  if (new Set([...voters, ...learners]).size !== voters.length + learners.length) return { refusal: 'member-twice' }
  if (isJoint(now)) return { refusal: 'change-in-progress' }
  if (!isSameSet(now.voters, voters)) return { configuration: { voters, outgoing: now.voters, learners } }
  return isSameSet(now.learners, learners) ? { refusal: 'nothing-to-change' } : { configuration: { voters: now.voters, outgoing: [], learners } }
}

/** Out of a joint configuration: only the new voters count any more. */
export const leaveJoint = ({ voters, learners }: Configuration): Configuration => ({ voters, outgoing: [], learners })
