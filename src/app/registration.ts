import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { NodeStandingKeeper } from './node-health.ts'

const beatMilliseconds = 1000

/** A command line gives signs of life while it runs, so that others know whether what it began is still being worked on (contract backend-schema.md). */
export async function keepRegistered(standing: Pick<NodeStandingKeeper, 'beat' | 'leave'>, clock: Pick<Clock, 'now' | 'after'>, log: Log): Promise<{ end(): Promise<void> }> {
  const failed = (error: unknown): void => log.warning('no heartbeat could be written', { text: error instanceof Error ? error.message : String(error) })
  let cancel = (): void => undefined
  const beatOn = (): void => {
    cancel = clock.after(beatMilliseconds, () => {
      void standing.beat(clock.now()).catch(failed)
      beatOn()
    })
  }
  await standing.beat(clock.now()).catch(failed)
  beatOn()
  return {
    end: async () => {
      cancel()
      await standing.leave().catch(failed)
    },
  }
}
