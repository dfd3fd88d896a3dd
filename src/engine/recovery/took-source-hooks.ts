import { tookSourceCommand } from '../../model/recovery/hook-values.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'
import type { Processes } from '../../ports/processes.ts'

interface Wish {
  readonly postTakeSource: readonly string[]
  readonly shell: string
  /** 0: no limit. */
  readonly hookTimeoutSeconds: number
}

/** PostTakeMasterProcesses, one after the other: two variables and two arguments, no placeholders; failures are only logged (contract hooks.md 5). */
export const tookSourceHooks = (processes: Processes, settings: Wish, log: Log) =>
  async (successor: InstanceKey, demoted: InstanceKey): Promise<void> => {
    const { postTakeSource, shell, hookTimeoutSeconds } = settings
    for (const text of postTakeSource) {
      const result = await processes.run({ shell, text, ...tookSourceCommand(successor, demoted), stdin: '', timeoutMilliseconds: hookTimeoutSeconds * 1000 })
      if (result.exitCode === 0) continue
      log.error('a hook of PostTakeMasterProcesses failed', { command: text, exit: result.exitCode ?? result.signal ?? '', text: result.startFailure ?? result.output })
    }
  }
