/** What happens to the bytes of one direction of a connection. */
export interface Rule {
  /** Each piece arrives so much later, and by up to `jitterMillis` more; pieces never overtake each other. */
  readonly delayMillis: number
  readonly jitterMillis: number
  /** After so many bytes of a connection nothing arrives any more, and nobody is told, as when a cable is pulled. Null: all arrive. */
  readonly holdAfterBytes: number | null
  /** Lets so many bytes through in each interval. */
  readonly drip: { readonly bytes: number; readonly everyMillis: number } | null
  /** The end of the connection is not told to the one that receives: it believes in a connection that is half open. */
  readonly hidesEnd: boolean
}

export type Direction = 'to server' | 'to client'

export const noFault: Rule = { delayMillis: 0, jitterMillis: 0, holdAfterBytes: null, drip: null, hidesEnd: false }

/** Why a rule cannot be kept; null for one that can. */
export function whyNoRule(rule: Rule): string | null {
  for (const [name, value] of [['delayMillis', rule.delayMillis], ['jitterMillis', rule.jitterMillis], ['holdAfterBytes', rule.holdAfterBytes ?? 0]] as const) {
    if (!Number.isInteger(value) || value < 0) return `${name}: ${value} is not a whole number from 0`
  }
  for (const [name, value] of [['drip.bytes', rule.drip?.bytes ?? 1], ['drip.everyMillis', rule.drip?.everyMillis ?? 1]] as const) {
    if (!Number.isInteger(value) || value < 1) return `${name}: ${value} is not a whole number from 1`
  }
  return null
}
