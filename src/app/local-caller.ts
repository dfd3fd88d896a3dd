import type { Caller } from '../cli/caller.ts'
import { describeInstance } from '../model/topology/describe.ts'
import { fail } from '../kit/result.ts'
import type { Engine } from './engine.ts'
import { systemClock } from '../adapters/system/clock.ts'

/** Runs operations in this process, on the store and the servers. */
export function localCaller(engine: Engine, by: string): Caller {
  return {
    run: async (name, input, fingerprint) => {
      // This process ends with its command, and what it read in the background with it: here it is waited for.
      const asked = name === 'async-discover' ? 'refresh' : name
      const outcome = await engine.operations.run(asked, input, { by, ...(fingerprint === '' ? {} : { fingerprint }) })
      return outcome.ok ? outcome : fail(outcome.failure.refused)
    },
    dryRun: async (name, input) => {
      const shown = await engine.operations.dryRun(name, input, by)
      return shown.ok ? shown : fail(shown.failure.refused)
    },
    describe: instance => describeInstance(instance, engine.operations.parts.policy(), systemClock.now()),
    close: () => engine.close(),
  }
}
