import type { Finding } from '../../model/analysis/finding.ts'

/** Lines that people search the log of the original for (contract observability.md 5), worded once. */
export const formerLines = {
  step: (message: string): string => (message.startsWith('topology_recovery: ') ? message : `topology_recovery: ${message}`),
  detecting: ({ code, key }: Pick<Finding, 'code' | 'key'>): string => `executeCheckAndRecoverFunction: proceeding with ${code} detection on ${key}`,
  recovering: ({ code, key }: Pick<Finding, 'code' | 'key'>): string => `executeCheckAndRecoverFunction: proceeding with ${code} recovery on ${key}`,
  switchedOff: ({ code, key }: Pick<Finding, 'code' | 'key'>): string => `CheckAndRecover: Analysis: ${code}, InstanceKey: ${key}: NOT Recovering host (disabled globally)`,
  notLeading: ({ code, key }: Pick<Finding, 'code' | 'key'>): string => `CheckAndRecover: Analysis: ${code}, InstanceKey: ${key}: NOT detecting/recovering host (raft non-leader)`,
} as const

/** Lines about one server that are not written oftener than once a minute. */
const repeatedMilliseconds = 60_000
/** Servers of which that is kept in mind. */
const keptMax = 10_000

/** Whether a line about a server is due again. */
export class RepeatedLines {
  readonly #writtenAt = new Map<string, number>()

  isDue(line: string, now: number): boolean {
    const before = this.#writtenAt.get(line)
    if (before !== undefined && now - before < repeatedMilliseconds) return false
    this.#writtenAt.delete(line)
    this.#writtenAt.set(line, now)
    const [oldest] = this.#writtenAt.keys()
    if (this.#writtenAt.size > keptMax && oldest !== undefined) this.#writtenAt.delete(oldest)
    return true
  }
}
