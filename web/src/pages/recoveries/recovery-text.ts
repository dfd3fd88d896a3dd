import type { RecoveryView } from '../../../../src/contract/views.ts'

/** The whole story as plain text, for a chat or a report. */
export const recoveryText = (recovery: RecoveryView): string =>
  [
    `#${recovery.id} ${recovery.code} ${recovery.failed} -> ${recovery.successor ?? '-'} ${new Date(recovery.startedAt).toISOString()}`,
    ...recovery.steps.map(step =>
      [
        new Date(step.at).toISOString(),
        step.stage,
        step.server ?? '-',
        step.outcome,
        step.durationMilliseconds === null ? '' : `${step.durationMilliseconds}ms`,
        step.message,
      ].join('\t'),
    ),
  ].join('\n')
