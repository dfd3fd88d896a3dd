import type { Finding } from '../../model/analysis/finding.ts'
import type { Confirmation } from '../../model/recovery/confirmation.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Json } from '../../ports/group.ts'
import { raftReason } from './raft-reasons.ts'

/** What another manager is asked: does it see this failure, too? */
export interface SeenQuestion {
  readonly key: InstanceKey
  readonly code: string
  readonly remedy: string
  /** The server does not answer the one who asks: then whoever cannot reach it either sees the same. */
  readonly isUnreachable: boolean
}

export interface AgreementParts {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly self: string
  /** Names of the managers that vote. */
  readonly voters: () => readonly string[]
  /** Null: no answer, which is neither yes nor no. */
  readonly ask: (name: string, question: SeenQuestion) => Promise<boolean | null>
}

/** What a manager saw so long ago is asked again. */
const freshMilliseconds = 5000
/** Servers whose failures are agreed upon; the oldest is forgotten beyond that. */
const serversMax = 1000

interface Sought {
  readonly code: string
  readonly seenBy: Map<string, number>
  isAsking: boolean
}

/** A failure is acted upon by itself only where a majority of the managers sees it (ExpectFailureAnalysisConcensus). */
export class Agreement {
  readonly #parts: AgreementParts
  readonly #sought = new Map<InstanceKey, Sought>()

  constructor(parts: AgreementParts) {
    this.#parts = parts
  }

  /** The confirmation as it is, or the reason why a majority has not yet said the same. */
  confirmed(finding: Finding, confirmation: Confirmation): Confirmation {
    if (!confirmation.confirmed || !needsAgreement(finding)) return confirmation
    const { seen, count, needed } = this.#standing(finding)
    if (seen >= needed) return confirmation
    return { confirmed: false, because: raftReason('raft-awaits-agreement', { server: finding.key, seen, count, needed }), askAgain: [], at: null }
  }

  /** Asks those who have not said yes a moment ago; true: a majority sees it now, and did not before. */
  async seek(finding: Finding): Promise<boolean> {
    if (!needsAgreement(finding) || this.#isSeen(finding)) return false
    const sought = this.#of(finding)
    if (sought.isAsking) return false
    sought.isAsking = true
    const { key, code, remedy } = finding
    const question: SeenQuestion = { key, code, remedy, isUnreachable: !finding.facts.lastCheckValid }
    try {
      return await new Promise<boolean>(resolve => {
        const asked = this.#parts.voters().filter(name => name !== this.#parts.self).map(async name => {
          const answer = await this.#parts.ask(name, question)
          if (answer === true) sought.seenBy.set(name, this.#parts.clock.monotonic())
          else if (answer === false) sought.seenBy.delete(name)
          if (this.#isSeen(finding)) resolve(true) // the slowest need not be waited for
        })
        void Promise.allSettled(asked).then(() => resolve(this.#isSeen(finding)))
      })
    } finally {
      sought.isAsking = false
    }
  }

  #isSeen(finding: Finding): boolean {
    const { seen, needed } = this.#standing(finding)
    return seen >= needed
  }

  #standing(finding: Finding): { readonly seen: number; readonly count: number; readonly needed: number } {
    const now = this.#parts.clock.monotonic()
    const voters = this.#parts.voters()
    const seenBy = this.#of(finding).seenBy
    const others = voters.filter(name => name !== this.#parts.self && now - (seenBy.get(name) ?? -Infinity) < freshMilliseconds)
    return { seen: 1 + others.length, count: Math.max(1, voters.length), needed: Math.floor(Math.max(1, voters.length) / 2) + 1 }
  }

  #of({ key, code }: Finding): Sought {
    const known = this.#sought.get(key)
    if (known !== undefined && known.code === code) return known
    const sought: Sought = { code, seenBy: new Map(), isAsking: false }
    this.#sought.delete(key)
    this.#sought.set(key, sought)
    if (this.#sought.size > serversMax) for (const oldest of this.#sought.keys()) { this.#sought.delete(oldest); break } // a map keeps the order of insertion
    return sought
  }
}

const needsAgreement = ({ remedy }: Finding): boolean => remedy !== 'none' && remedy !== 'report'

export function readSeenQuestion(given: Json): SeenQuestion {
  if (typeof given !== 'object' || given === null || !('key' in given)) throw new TypeError('no question about a failure')
  const { key, code, remedy, isUnreachable } = given
  if (typeof key !== 'string' || typeof code !== 'string' || typeof remedy !== 'string' || typeof isUnreachable !== 'boolean') throw new TypeError('a question about a failure that lacks something')
  return { key: key as InstanceKey, code, remedy, isUnreachable } // as the other manager knows it
}

/** Whether this manager's own finding of the server is the same failure. */
export function seesThe({ code, remedy, isUnreachable }: SeenQuestion, own: Finding | undefined, answersUs: boolean): boolean {
  if (isUnreachable) return !answersUs
  return own !== undefined && (own.code === code || own.remedy === remedy)
}
