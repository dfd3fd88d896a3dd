import type { Command } from '../engine/journal/commands.ts'
import type { LiveStream } from '../http/live/stream.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from './engine.ts'
import { recoverySwitch } from './self-views.ts'

/** Many changes of others that come together are read at once. */
const othersToldMilliseconds = 300
const changesRecoveries: ReadonlySet<string> = new Set<Command['do']>(['register-recovery', 'update-recovery', 'acknowledge-recoveries', 'end-active-periods', 'append-recovery-step', 'block-recovery', 'unblock-recoveries'])

/** Whatever changes is told to the pages. */
export function tellPages(engine: Engine, stream: LiveStream): void {
  let steps = 0
  // Told before the store has given the step its number: negative, so that it never meets a stored one.
  const stepNumber = (): number => --steps
  engine.inventory.onChange(() => stream.topologyChanged())
  engine.inventory.onChange(changed => engine.history.recorder.changed(changed))
  engine.operations.runs.onChange(view => stream.tell({ event: 'operation', data: view }))
  engine.audit.onEntry(({ at, kind, key, message }) => {
    stream.tell({ event: 'audit', data: { at, kind, server: key, message } })
    if (kind.endsWith('global-recoveries')) stream.tell({ event: 'status', data: { recoveries: recoverySwitch(engine) } })
  })
  engine.recovery.onEvent(event => {
    if (event.event === 'recovery') {
      engine.recent.note(event.recovery)
      stream.tell({ event: 'recovery', data: { ...engine.views.summary(event.recovery), step: null } })
    } else if (event.event === 'step') {
      const recovery = engine.recent.noteStep(event.step)
      const { at, stage, server, message, outcome, durationMilliseconds } = event.step
      if (recovery !== null) {
        stream.tell({ event: 'recovery', data: { ...engine.views.summary(recovery), step: { id: stepNumber(), at, stage, server, message, outcome, durationMilliseconds } } })
      }
    }
    stream.topologyChanged()
  })
}

/** What other members of a group did is shown as what this one does: after a change of recoveries, of everything, or of who leads. */
export function tellOfOthers({ managers, recent, recovery, isLeader }: Engine, stream: LiveStream, log: Log): void {
  if (managers === null) return
  let isDue = false
  const readSoon = (): void => {
    if (isDue) return
    isDue = true
    systemClock.after(othersToldMilliseconds, () => {
      isDue = false
      void Promise.all([recent.load(), ...(isLeader() ? [] : [recovery.readAgain()])]).then(() => stream.topologyChanged(), (error: unknown) => log.error('recoveries could not be read anew', { text: String(error) }))
    })
  }
  managers.world.onCarriedOut(command => { if (!isLeader() && changesRecoveries.has(command.do)) readSoon() })
  managers.world.onLoaded(readSoon)
  managers.group.onStanding(({ state }) => { if (state !== 'stopped') readSoon() })
}
