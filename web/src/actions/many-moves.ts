import type { OperationAnswer, PlanView, ServerView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { fewAtATime } from './few-at-a-time.ts'

/** One of several moves, or of what else is done to several by plans. Without a plan it stays as it is, and `why` says why. */
export interface PlannedMove {
  readonly server: string
  readonly plan: PlanView | null
  readonly state: 'planned' | 'waiting' | 'moving' | 'moved' | 'failed' | 'notTried'
  readonly why: Reason | string | null
}

/** What is asked of the program, so that the order of it can be tried without one. */
export interface MoveWays {
  readonly plan: (server: string) => Promise<OperationAnswer>
  /** Runs exactly this plan and answers when it is over. */
  readonly run: (server: string, fingerprint: string) => Promise<OperationAnswer>
  readonly failureText: (error: unknown) => string
}

/** Why these cannot be moved together; null: they can be asked for. */
export function whyNotMovable(servers: readonly Pick<ServerView, 'clusterName' | 'replication'>[]): 'moveOneCluster' | 'moveReplicasOnly' | null {
  if (new Set(servers.map(({ clusterName }) => clusterName)).size > 1) return 'moveOneCluster'
  return servers.every(({ replication }) => replication !== null) ? null : 'moveReplicasOnly'
}

export const planMoves = (servers: readonly string[], { plan, failureText }: MoveWays): Promise<readonly PlannedMove[]> =>
  fewAtATime(servers, async (server): Promise<PlannedMove> => {
    const none = { server, plan: null, state: 'planned' } as const
    try {
      const answer = await plan(server)
      if (answer.state === 'plan') return { ...none, plan: answer.plan, why: null }
      return { ...none, why: answer.state === 'refused' ? answer.refused : answer.state }
    } catch (error) {
      return { ...none, why: failureText(error) }
    }
  })

/**
 * Runs the planned moves one after another and tells of each change. What is refused because things have changed ran nothing, so the others go on;
 * after one that failed on its way the rest is left where it is.
 */
export async function runMoves(
  moves: readonly PlannedMove[],
  tell: (moves: readonly PlannedMove[]) => void,
  { run, failureText }: MoveWays,
): Promise<readonly PlannedMove[]> {
  let now: readonly PlannedMove[] = moves.map(move => (move.plan === null ? move : { ...move, state: 'waiting' }))
  const set = (server: string, change: Partial<PlannedMove>): void => {
    now = now.map(move => (move.server === server ? { ...move, ...change } : move))
    tell(now)
  }
  let hasFailed = false
  for (const { server, plan } of moves) {
    if (plan === null) continue
    if (hasFailed) {
      set(server, { state: 'notTried' })
      continue
    }
    set(server, { state: 'moving' })
    try {
      const answer = await run(server, plan.fingerprint)
      if (answer.state === 'done') set(server, { state: 'moved' })
      else if (answer.state === 'refused') {
        set(server, { state: 'failed', why: answer.refused })
        // With a new plan nothing ran; any other refusal may have come in the middle.
        hasFailed = answer.plan === undefined
      } else throw new Error(answer.state)
    } catch (error) {
      hasFailed = true
      set(server, { state: 'failed', why: failureText(error) })
    }
  }
  return now
}
