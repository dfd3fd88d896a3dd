import type { Task } from '../engine/housekeeping/housekeeping.ts'
import type { GroupStanding } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'

const second = 1000

const stateNames: Readonly<Record<GroupStanding['state'], string>> = { leader: 'Leader', follower: 'Follower', candidate: 'Candidate', learner: 'Follower', stopped: 'Shutdown' }

/** What the original writes again and again of who leads (contract observability.md 5), by which people find out from its log. */
export function standingLines(standing: () => GroupStanding, log: Log): readonly Task[] {
  return [
    {
      name: 'telling who leads the group', everyMilliseconds: 5 * second, onlyLeader: false,
      run: async () => {
        const { mode, leader, self, state } = standing()
        if (mode === 'raft') log.debug(`raft leader is ${leader?.name ?? ''}${leader?.name === self ? ' (this host)' : ''}; state: ${stateNames[state]}`)
      },
    },
    {
      name: 'telling who is elected', everyMilliseconds: second, onlyLeader: false,
      run: async () => {
        const { mode, leader, state } = standing()
        if (mode === 'shared-store' && state === 'follower') log.info(`Not elected as active node; active node: ${leader?.name ?? ''}; polling`)
      },
    },
  ]
}
