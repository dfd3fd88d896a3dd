import type { Contract } from '../../../contract/all.ts'
import type { RaftHealth } from '../../../contract/service.ts'
import type { Reason } from '../../../kit/reason.ts'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { GroupStanding } from '../../../ports/group.ts'
import type { GroupParts, RaftActs } from '../group-parts.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse, type Refused } from '../refusals.ts'

/** The original names another route than the one that was asked in some of its refusals; scripts match them. */
const refusedAs = {
  peers: 'raft-nodes', leader: 'raft-leader', state: 'raft-state', add: 'raft-add-peer', remove: 'raft-remove-peer', yield: 'raft-yield', hint: 'raft-yield-hint',
} as const

interface Raft {
  readonly standing: GroupStanding
  readonly acts: RaftActs
}

function raftOf(group: GroupParts, what: keyof typeof refusedAs): Result<Raft, Refused> {
  return group.raft === null ? refuse(operationReason('no-raft', { what: refusedAs[what] })) : ok({ standing: group.standing(), acts: group.raft })
}

/** A member that has lost its leader counts until it stands for election, as in the original. */
const isHealthy = ({ state }: GroupStanding): boolean => state === 'leader' || state === 'follower' || state === 'learner'

/** What the health of a process tells of its Raft group; null without one. */
export function raftHealthOf(group: GroupParts): RaftHealth | null {
  if (group.raft === null) return null
  const { state, leader, members } = group.standing()
  return {
    leader: leader?.name ?? '', isLeader: state === 'leader', leaderUri: leader?.uri ?? '', advertise: group.raft.advertise,
    healthyMembers: state === 'leader' ? members.filter(({ isHeard }) => isHeard === true).map(({ name }) => name) : null,
  }
}

const raftStatus: Handler<Contract['raft-status']> = (_input, { group }) => {
  const raft = raftOf(group, 'state')
  if (!raft.ok) return raft
  const { standing, acts: { bind, advertise } } = raft.value
  const healthy = isHealthy(standing)
  return ok({
    bind, advertise, state: standing.state, healthy, isPartOfQuorum: healthy && standing.isPartOfQuorum,
    leader: standing.leader?.name ?? '', leaderUri: standing.leader?.uri ?? '',
    peers: namesOf(standing),
  })
}

const raftPeers: Handler<Contract['raft-peers']> = (_input, { group }) => {
  const raft = raftOf(group, 'peers')
  return raft.ok ? ok(namesOf(raft.value.standing)) : raft
}

const raftState: Handler<Contract['raft-state']> = (_input, { group }) => {
  const raft = raftOf(group, 'state')
  return raft.ok ? ok(raft.value.standing.state) : raft
}

const raftLeader: Handler<Contract['raft-leader']> = (_input, { group }) => {
  const raft = raftOf(group, 'leader')
  return raft.ok ? ok(raft.value.standing.leader?.name ?? '') : raft
}

const raftHealth: Handler<Contract['raft-health']> = (_input, { group }) => {
  const raft = raftOf(group, 'state')
  if (!raft.ok) return raft
  return isHealthy(raft.value.standing) ? ok(null) : refuse(operationReason('raft-unhealthy', {}))
}

const raftSnapshot: Handler<Contract['raft-snapshot']> = async (_input, { group }) => {
  const raft = raftOf(group, 'leader')
  return raft.ok ? outcome(await raft.value.acts.snapshot(), null) : raft
}

const raftFollowerHealthReport: Handler<Contract['raft-follower-health-report']> = ({ authenticationToken }, { group }) => {
  const raft = raftOf(group, 'state')
  return raft.ok ? refuse(operationReason('raft-token-unknown', { token: authenticationToken })) : raft
}

const raftAddPeer: Handler<Contract['raft-add-peer']> = async ({ addr }, parts, { by }) => {
  const raft = raftOf(parts.group, 'add')
  if (!raft.ok) return raft
  const address = raft.value.acts.address(addr)
  const refused = await raft.value.acts.add(address)
  if (refused === null) parts.audit('raft-add-peer', null, `${address} is a member; by ${by}`)
  return outcome(refused, address)
}

const raftRemovePeer: Handler<Contract['raft-remove-peer']> = async ({ addr }, parts, { by }) => {
  const raft = raftOf(parts.group, 'remove')
  if (!raft.ok) return raft
  const address = raft.value.acts.address(addr)
  const refused = await raft.value.acts.remove(address)
  if (refused === null) parts.audit('raft-remove-peer', null, `${address} is no member any more; by ${by}`)
  return outcome(refused, address)
}

const raftYield: Handler<Contract['raft-yield']> = async ({ node }, { group }) => {
  const raft = raftOf(group, 'yield')
  if (!raft.ok) return raft
  const { standing, acts } = raft.value
  const named = acts.address(node)
  const to = votersOf(standing).find(name => name === named)
  if (to === undefined) return noSuchMember('raft-yield', named, standing)
  return outcome(await stepAsideTo(to, acts, standing), to)
}

/** The original makes everybody yield when the text fits no member, and so has no leader for seconds; here nothing happens. */
const raftYieldHint: Handler<Contract['raft-yield-hint']> = async ({ hint }, { group }) => {
  const raft = raftOf(group, 'hint')
  if (!raft.ok) return raft
  const { standing, acts } = raft.value
  const fitting = standing.members.filter(({ votes, name, uri }) => votes && (name.includes(hint) || hostOf(uri).includes(hint)))
  if (fitting.length === 0) return noSuchMember('raft-yield-hint', hint, standing)
  // A leader that fits stays, as in the original; of several others one that is heard is better than one that may be down.
  const to = fitting.find(({ name }) => name === standing.self) ?? fitting.find(({ isHeard }) => isHeard === true) ?? fitting[0]
  return outcome(to === undefined ? null : await stepAsideTo(to.name, acts, standing), hint)
}

const stepAsideTo = (to: string, acts: RaftActs, { self }: GroupStanding): Promise<Reason | null> => (to === self ? Promise.resolve(null) : acts.stepAside(to))

const namesOf = ({ members }: GroupStanding): readonly string[] => members.map(({ name }) => name)
const votersOf = ({ members }: GroupStanding): readonly string[] => members.filter(({ votes }) => votes).map(({ name }) => name)
const hostOf = (uri: string | null): string => (uri !== null && URL.canParse(uri) ? new URL(uri).hostname : '')
const noSuchMember = (what: string, member: string, standing: GroupStanding): Result<never, Refused> =>
  refuse(operationReason('raft-no-such-member', { what, member, members: votersOf(standing).join(', ') }))
const outcome = <Value>(refused: Reason | null, value: Value): Result<Value, Refused> => (refused === null ? ok(value) : fail({ refused }))

export const raftHandlers = {
  'raft-status': raftStatus, 'raft-peers': raftPeers, 'raft-state': raftState, 'raft-leader': raftLeader, 'raft-health': raftHealth, 'raft-snapshot': raftSnapshot,
  'raft-follower-health-report': raftFollowerHealthReport, 'raft-add-peer': raftAddPeer, 'raft-remove-peer': raftRemovePeer, 'raft-yield': raftYield, 'raft-yield-hint': raftYieldHint,
}
