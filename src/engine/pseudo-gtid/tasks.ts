import { injectEveryMilliseconds } from '../../model/pseudo-gtid/injection.ts'
import { recordEveryMilliseconds } from '../../model/pseudo-gtid/position-history.ts'
import type { PseudoGtid } from './pseudo-gtid.ts'

interface Task {
  readonly name: string
  readonly everyMilliseconds: number
  readonly onlyLeader: boolean
  run(now: number): Promise<void>
}

/** What is done about Pseudo-GTID again and again; nothing where no pattern is configured. */
export function pseudoGtidTasks(pseudoGtid: PseudoGtid, isLeader: () => boolean): readonly Task[] {
  const injects: readonly Task[] = pseudoGtid.injects
    ? [{ name: 'writing Pseudo-GTID statements', everyMilliseconds: injectEveryMilliseconds, onlyLeader: true, run: async () => void (await pseudoGtid.injector.round()) }]
    : []
  const records: readonly Task[] = pseudoGtid.matcher.policy.isConfigured
    ? [{ name: 'noting where servers stand', everyMilliseconds: recordEveryMilliseconds, onlyLeader: false, run: async now => { await (isLeader() ? pseudoGtid.record(now, true) : Promise.all([pseudoGtid.record(now, false), pseudoGtid.load()])) } }]
    : []
  return [...injects, ...records]
}
