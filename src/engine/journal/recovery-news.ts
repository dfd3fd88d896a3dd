import type { Clock } from '../../ports/clock.ts'
import type { Command } from './commands.ts'
import type { SharedWorld } from './shared-world.ts'

/** Changes that come together are told together. */
const togetherMilliseconds = 100
const ofRecoveries: ReadonlySet<Command['do']> = new Set<Command['do']>(['register-recovery', 'update-recovery', 'acknowledge-recoveries', 'end-active-periods', 'purge'])

/** Tells, a moment later, that recoveries have changed by whatever member, or that everything was replaced: they are to be read again. The answer unsubscribes. */
export function onRecoveryChanges(world: Pick<SharedWorld, 'onCarriedOut' | 'onLoaded'>, clock: Pick<Clock, 'after'>, listener: () => void): () => void {
  let cancel: (() => void) | null = null
  const tellSoon = (): void => {
    cancel ??= clock.after(togetherMilliseconds, () => {
      cancel = null
      listener()
    })
  }
  const stops = [world.onCarriedOut(({ do: kind }) => { if (ofRecoveries.has(kind)) tellSoon() }), world.onLoaded(tellSoon)]
  return () => {
    for (const stop of stops) stop()
    cancel?.()
  }
}
