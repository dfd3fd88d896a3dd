import type { RecoverySummary } from '../../../../src/contract/views.ts'

/** Asked for by somebody while the primary lived. */
export const isPlanned = (recovery: Pick<RecoverySummary, 'command'>): boolean => recovery.command.startsWith('graceful')
