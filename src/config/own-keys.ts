import type { KeyFacts } from './key.ts'

/**
 * Settings that the original does not have. Each has a default under which an old configuration means what it always meant,
 * or, where the original had no bound at all, a generous one.
 */
export const ownKeys = {
  FailureConfirmationMilliseconds: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'milliseconds',
    says: 'How long a failure must be seen without a break before it is acted upon; 0 acts on the first complete evidence.',
  },
  HookTimeoutSeconds: {
    type: 'unsigned', default: 60, group: 'hooks', unit: 'seconds', atLeast: 1,
    says: 'Time after which a hook that is still running is ended, with everything it started, and counts as failed.',
  },
} as const satisfies Record<string, KeyFacts>
