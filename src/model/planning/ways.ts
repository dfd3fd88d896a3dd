import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { ActRow } from './act-plan.ts'
import { wayByEquivalence } from './by-equivalence.ts'
import { wayByPosition } from './by-position.ts'
import { wayByPseudoGtid } from './by-pseudo-gtid.ts'
import { type MethodVerdict, type MoveMethod, whyNotText } from './methods.ts'
import { moveRemark } from './move-remarks.ts'
import { inRole } from './move-roles.ts'
import type { Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { judgeOf, type Possible } from './relocate-judgement.ts'
import { relocationOf } from './relocate.ts'

interface About {
  readonly method: Plan['method']
  /** Why this way was taken. */
  readonly because: Reason
  readonly checks: readonly Reason[]
  readonly warnings: readonly Reason[]
  /** More servers whose state matters than those the steps name. */
  readonly concerns?: readonly InstanceKey[]
}

/**
 * How a replica comes below its new source. `alone`: only the replica is changed, so that many go at the same time. `one-by-one`: the new source stands
 * for a while too. `below-standing`: the present source stands, for all that go the same way at once.
 */
export type WayTaken = About & (
  | { readonly runs: 'alone' | 'one-by-one'; readonly rows: readonly ActRow[] }
  | { readonly runs: 'below-standing'; readonly standing: InstanceKey; readonly first: readonly ActRow[]; readonly rows: readonly ActRow[]; readonly last: readonly ActRow[] }
)

/** A way with the move it is for and what was tried before. */
export type Way = WayTaken & { readonly replica: InstanceKey; readonly target: InstanceKey; readonly methods: readonly MethodVerdict[] }

type Method = (replica: InstanceKey, target: InstanceKey, planning: Planning) => WayTaken | Refusal

const methods: Readonly<Partial<Record<MoveMethod, Method>>> = { gtid: wayByGtid, equivalence: wayByEquivalence, 'pseudo-gtid': wayByPseudoGtid, position: wayByPosition }
const inOrder = Object.keys(methods) as readonly MoveMethod[] // the keys of the record, in the order of the contract

/** The first way that leads there, or why none does. A refusal that is about the servers and not about the method ends the search. */
export function wayOf(replica: InstanceKey, target: InstanceKey, planning: Planning, only: readonly MoveMethod[] = inOrder): Way | Refusal {
  const verdicts: MethodVerdict[] = []
  let state: Refusal | null = null
  for (const method of inOrder) {
    const way = only.includes(method) ? methods[method]?.(replica, target, planning) : undefined
    if (way === undefined) continue
    if (!('refused' in way)) return { ...way, rows: inRole(way.rows, replica, target, planning), replica, target, methods: [...verdicts, { replica, method, taken: true, why: way.because }] }
    verdicts.push({ replica, method, taken: false, why: whyNot(way.refused, { replica, target }) })
    // The only one that was asked for says why not in its own words.
    if (only.length === 1) return { ...way, methods: verdicts }
    if (method === 'gtid' && !isAboutMethod(way)) return { ...way, methods: verdicts }
    if (!isAboutMethod(way)) state ??= way
  }
  if (state !== null) return { ...state, methods: verdicts }
  return { ...refuse('no-way-there', { replica, target, tried: whyNotText(verdicts) }), methods: verdicts }
}

/** Says only that this method is no way there, and nothing about the servers. */
export const isAboutMethod = ({ refused }: Refusal): boolean => aboutMethod.has(refused.code)

const aboutMethod: ReadonlySet<string> = new Set([
  'method-not-available', 'source-gtid-mode', 'position-uses-gtid', 'position-source-unknown', 'position-elsewhere', 'position-sibling-gtid',
  'equivalence-uses-gtid', 'equivalence-unknown', 'equivalence-goes-on', 'pseudo-gtid-unseen', 'match-unset', 'match-binlog-server', 'match-needs-binary-log',
])

/** Why not, without the sentence about the whole. */
function whyNot(refused: Reason, names: { readonly replica: InstanceKey; readonly target: InstanceKey }): Reason {
  if (refused.code !== 'method-not-available') return refused
  const { code, mode = '' } = refused.parameters
  if (code === 'binlog-server') return moveRemark('gtid-binlog-server', names)
  return mode === '' ? moveRemark('gtid-not-used', names) : moveRemark('gtid-mode-unfit', { ...names, mode })
}

function wayByGtid(replica: InstanceKey, target: InstanceKey, planning: Planning): WayTaken | Refusal {
  const judged = judgeOf(planning.topology, replica, planning.policy, planning.now).judge(target)
  return 'refused' in judged ? judged : gtidWay(judged, planning)
}

export function gtidWay(possible: Possible, { topology, policy }: Planning): WayTaken {
  const { steps, warnings, checks, method } = relocationOf(possible, topology, policy)
  const because = moveRemark('method-gtid-first', { replica: possible.replica.key, target: possible.target.key })
  return { method, because, checks, warnings, runs: 'alone', rows: steps }
}

/** All rows of one way, one after another. */
export const rowsOf = (way: WayTaken): readonly ActRow[] => (way.runs === 'below-standing' ? [...way.first, ...way.rows, ...way.last] : way.rows)
