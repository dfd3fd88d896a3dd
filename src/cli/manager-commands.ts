import type { Command, MakeCommand } from './commands.ts'

const member = { needs: { hostname: 'the member is named by -hostname' } } as const

/** Commands about the managers themselves, as the original's client script has them and as its routes are called. */
export const managerCommands = (command: MakeCommand): readonly Command[] => [
  command('Meta', ['active-nodes'], 'Processes that share the store and live', 'active-nodes', nodes =>
    nodes.map(({ hostname, token, version, command: does }) => `${hostname} ${token}${version === '' ? '' : ` ${version}`} ${does === '' ? 'http' : does}`)),
  command('Meta', ['access-token'], 'Make an access token for -owner, to be opened in a browser once', 'access-token', ({ publicToken }) => [publicToken]),
  command('Meta', ['raft-leader'], 'The member of the Raft group that leads', 'raft-leader', leader => [leader],
    { failure: leader => (leader === '' ? 'No member is known to lead' : null) }),
  command('Meta', ['raft-leader-hostname'], 'The host of the member that leads', 'status', ({ hostname, raft }) => (raft?.isLeader === true ? [hostname] : []),
    { failure: asked => notLeading(asked) }),
  command('Meta', ['raft-health'], 'Is this member part of a healthy Raft group?', 'raft-health', () => ['healthy']),
  command('Meta', ['raft-state'], 'Is this member leader, follower or candidate?', 'raft-state', state => [state]),
  command('Meta', ['raft-peers'], 'The members of the Raft group', 'raft-peers', peers => peers),
  command('Meta', ['raft-status'], 'How this member is, and whom it follows', 'raft-status', status =>
    [
      `${status.advertise}: ${status.state}, ${status.healthy ? 'healthy' : 'unhealthy'}`,
      `leader: ${status.leader === '' ? 'none' : `${status.leader} ${status.leaderUri}`}`, `members: ${status.peers.join(', ')}`,
    ]),
  command('Meta', ['raft-snapshot'], 'Write a snapshot of the shared memory on this member', 'raft-snapshot', () => ['snapshot created']),
  command('Meta', ['raft-add-peer'], 'Take the member -hostname into the Raft group', 'raft-add-peer', address => [address], member),
  command('Meta', ['raft-remove-peer'], 'Take the member -hostname out of the Raft group', 'raft-remove-peer', address => [address], member),
  command('Meta', ['raft-yield'], 'Hand leadership to the member -hostname', 'raft-yield', to => [to], member),
  command('Meta', ['raft-elect-leader'], 'Hand leadership to a member whose name holds -hostname', 'raft-yield-hint', hint => [hint], member),
]

/** The answer of `status` for a command that needs the leader's own. */
const notLeading = (answer: unknown): string | null => {
  // The command is joined with the operation whose output this is.
  const { hostname, raft } = answer as { readonly hostname: string; readonly raft: { readonly isLeader: boolean; readonly leader: string } | null }
  if (raft === null) return 'raft-state: not running with raft setup'
  return raft.isLeader ? null : `${hostname} does not lead; ${raft.leader === '' ? 'nobody is known to' : `ask ${raft.leader}`}`
}
