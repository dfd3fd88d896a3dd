import type { Equivalents, Place } from '../../../src/model/planning/by-equivalence.ts'
import { planMakeCoPrimary } from '../../../src/model/planning/make-co-primary.ts'
import { planMakeLocalPrimary, planMakePrimary } from '../../../src/model/planning/make-primary.ts'
import { planMoveBelow, planMoveEquivalent, planMoveGtid, planMoveUp, planRelocateAnyWay, planRepoint } from '../../../src/model/planning/move-one.ts'
import type { LeftBehind, Move, Planning } from '../../../src/model/planning/moves.ts'
import { isRefusal, type Plan, type Planned } from '../../../src/model/planning/plan.ts'
import { defaultPromotionPolicy } from '../../../src/model/planning/promote-policy.ts'
import { planRegroupBinlogServers } from '../../../src/model/planning/regroup-binlog-servers.ts'
import { planMatch, planMatchReplicas, planMatchUp, planMatchUpReplicas, planRematch } from '../../../src/model/planning/match.ts'
import { planRegroupReplicas } from '../../../src/model/planning/regroup-replicas.ts'
import { defaultRelocatePolicy } from '../../../src/model/planning/relocate-judgement.ts'
import {
  planMoveReplicasGtid, planMoveUpReplicas, planRelocateReplicas, planRepointReplicas, planTakeSiblings,
} from '../../../src/model/planning/relocate-replicas.ts'
import { planTakeSource } from '../../../src/model/planning/take-source.ts'
import { compareCoordinates } from '../../../src/model/topology/binlog-coordinates.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey, caseNow } from './attributes.ts'
import type { Command, CommandAnswer, PlannedRun } from './commands.ts'
import { plannedLines, reasonText } from './plan-text.ts'
import { allMovedWrongly } from './relocate-commands.ts'

/** Who follows whom when a plan has come to its end; null: nobody. */
export type Sources = ReadonlyMap<InstanceKey, InstanceKey | null>

/** What a verb does with its one or two servers, and what must have come of it. */
export interface Verb {
  readonly plan: (planning: Planning, instance: InstanceKey, target: InstanceKey, matches: (key: InstanceKey) => boolean) => Planned
  readonly ends: (topology: Topology, instance: InstanceKey, target: InstanceKey, planned: Planned) => Sources
  /** Becomes writable. */
  readonly promotes?: boolean
  readonly mayRing?: boolean
}

const movesOf = (planned: Planned): readonly Move[] => ('moves' in planned ? (planned.moves as readonly Move[]) : []) // the plans of several moves have them
const leftOf = (planned: Planned): readonly LeftBehind[] => ('left' in planned ? (planned.left as readonly LeftBehind[]) : [])
const sourceOf = (topology: Topology, key: InstanceKey): InstanceKey | null => topology.get(key)?.replication?.source ?? null
/** Every replica that the plan moves follows the target. */
const allTo = (target: InstanceKey, planned: Planned): Sources => new Map(movesOf(planned).map(({ replica }) => [replica, target]))

export const verbs: Readonly<Record<string, Verb>> = {
  'relocate-replicas': { plan: (planning, instance, target, matches) => planRelocateReplicas({ instance, target, matches }, planning), ends: (_topology, _instance, target, planned) => allTo(target, planned) },
  'move-replicas-gtid': { plan: (planning, instance, target, matches) => planMoveReplicasGtid({ instance, target, matches }, planning), ends: (_topology, _instance, target, planned) => allTo(target, planned) },
  'repoint-replicas': { plan: (planning, instance, target, matches) => planRepointReplicas({ instance, target, matches }, planning), ends: (_topology, _instance, target, planned) => allTo(target, planned) },
  'take-siblings': { plan: (planning, instance) => planTakeSiblings(instance, planning), ends: (_topology, instance, _target, planned) => allTo(instance, planned) },
  'move-up-replicas': {
    plan: (planning, instance, _target, matches) => planMoveUpReplicas({ instance, matches }, planning),
    ends: (topology, instance, _target, planned) => new Map(movesOf(planned).map(({ replica }) => [replica, sourceOf(topology, instance)])),
  },
  'regroup-replicas': { plan: (planning, instance) => planRegroupReplicas(instance, 'regroup-replicas', defaultPromotionPolicy, planning), ends: regrouped },
  'regroup-replicas-gtid': { plan: (planning, instance) => planRegroupReplicas(instance, 'regroup-replicas-gtid', defaultPromotionPolicy, planning), ends: regrouped },
  'regroup-replicas-pgtid': { plan: (planning, instance) => planRegroupReplicas(instance, 'regroup-replicas-pgtid', defaultPromotionPolicy, planning), ends: regrouped },
  'regroup-replicas-bls': { plan: (planning, instance) => planRegroupBinlogServers(instance, 'regroup-replicas-bls', planning, planRelocateAnyWay), ends: regrouped },
  'move-up': {
    plan: (planning, instance) => planMoveUp(instance, planning),
    ends: (topology, instance) => new Map([[instance, sourceOf(topology, sourceOf(topology, instance) ?? instance)]]),
  },
  'move-below': { plan: (planning, instance, target) => planMoveBelow(instance, target, planning), ends: (_topology, instance, target) => new Map([[instance, target]]) },
  'move-gtid': { plan: (planning, instance, target) => planMoveGtid(instance, target, planning), ends: (_topology, instance, target) => new Map([[instance, target]]) },
  'relocate-any-way': { plan: (planning, instance, target) => planRelocateAnyWay(instance, target, planning), ends: (_topology, instance, target) => new Map([[instance, target]]) },
  'move-equivalent': { plan: (planning, instance, target) => planMoveEquivalent(instance, target, planning), ends: (_topology, instance, target) => new Map([[instance, target]]) },
  'repoint': {
    plan: (planning, instance, target) => planRepoint(instance, target === instance ? undefined : target, planning),
    ends: (topology, instance, target) => new Map([[instance, target === instance ? sourceOf(topology, instance) : target]]),
  },
  'match-below': { plan: (planning, instance, target) => planMatch(instance, target, planning), ends: (_topology, instance, target) => new Map([[instance, target]]) },
  'match-below-without-pattern': {
    plan: (planning, instance, target) => planMatch(instance, target, { ...planning, policy: { ...planning.policy, pseudoGtid: false } }), ends: (_topology, instance, target) => new Map([[instance, target]]),
  },
  'match-up': {
    plan: (planning, instance) => planMatchUp(instance, planning), ends: (topology, instance) => new Map([[instance, sourceOf(topology, sourceOf(topology, instance) ?? instance)]]),
  },
  'rematch': { plan: (planning, instance) => planRematch(instance, planning), ends: (topology, instance) => new Map([[instance, sourceOf(topology, instance)]]) },
  'match-replicas': { plan: (planning, instance, target, matches) => planMatchReplicas({ instance, target, matches }, planning), ends: (_topology, _instance, target, planned) => allTo(target, planned) },
  'match-up-replicas': {
    plan: (planning, instance, _target, matches) => planMatchUpReplicas({ instance, matches }, planning),
    ends: (topology, instance, _target, planned) => new Map(movesOf(planned).map(({ replica }) => [replica, sourceOf(topology, instance)])),
  },
  'take-source': {
    plan: (planning, instance) => planTakeSource(instance, planning),
    ends: (topology, instance) => {
      const source = sourceOf(topology, instance)
      return source === null ? new Map() : new Map([[instance, sourceOf(topology, source)], [source, instance]])
    },
  },
  'make-co-primary': { plan: (planning, instance) => planMakeCoPrimary(instance, planning), ends: (topology, instance) => new Map([[sourceOf(topology, instance) ?? instance, instance]]), mayRing: true },
  'make-primary': {
    plan: (planning, instance) => planMakePrimary(instance, planning), promotes: true,
    ends: (_topology, instance, _target, planned) => new Map([...allTo(instance, planned), [instance, null] as const]),
  },
  'make-local-primary': {
    plan: (planning, instance) => planMakeLocalPrimary(instance, planning),
    ends: (topology, instance, _target, planned) => new Map([...allTo(instance, planned), [instance, sourceOf(topology, sourceOf(topology, instance) ?? instance)] as const]),
  },
}

function regrouped(_topology: Topology, _instance: InstanceKey, _target: InstanceKey, planned: Planned): Sources {
  const candidate = 'candidate' in planned ? (planned.candidate as InstanceKey | null) : null // the plan of a regrouping names it
  return candidate === null ? new Map() : allTo(candidate, planned)
}

/** Makes the plan of a verb, with what it must come to. */
export function planVerb(name: string, topology: Topology, instance: InstanceKey, target: InstanceKey, pattern = '', equal: readonly Place[] | Equivalents = []): { readonly planned: Planned; readonly run: PlannedRun | null } {
  const verb = verbs[name]
  if (verb === undefined) throw new Error(`there is no verb ${name}`)
  const expression = new RegExp(pattern)
  const planned = verb.plan({ topology, policy: defaultRelocatePolicy, now: caseNow, equivalents: typeof equal === 'function' ? equal : place => (equal.some(one => isSame(one, place)) ? equal.filter(one => !isSame(one, place)) : []) }, instance, target, key => expression.test(key))
  if (isRefusal(planned)) return { planned, run: null }
  const sources = verb.ends(topology, instance, target, planned)
  const wish = sources.size === 0 ? 'nobody moved' : [...sources].map(([replica, source]) => (source === null ? `${replica} below nobody` : `${replica} below ${source}`)).join(', ')
  const promoted = (after: Topology): readonly string[] => (verb.promotes !== true || after.get(instance)?.readOnly === false ? [] : [`${instance} is read-only`])
  const asWished = (text: string): boolean => !(verb.promotes === true && text === `${instance} became writable`)
  return {
    planned,
    run: {
      plan: planned, wish, wished: after => [...allMovedWrongly(topology, after, sources).filter(asWished), ...promoted(after)],
      ...(verb.promotes === true ? { notPutBack: new Set([instance]) } : stagedIn(planned).size > 0 ? { notPutBack: stagedIn(planned) } : {}),
      ...(verb.mayRing === true ? { mayRing: new Set([...sources.keys(), instance]) } : {}),
    },
  }
}

/** Who moves in stages: one that came to its end is not undone. */
const stagedIn = (plan: Plan): ReadonlySet<InstanceKey> => new Set(plan.steps.flatMap(({ part, step }) => (part?.includes(' below ') === true && part.startsWith(`${step.on} `) ? [step.on] : [])))

const isSame = (left: Place, right: Place): boolean => left.server === right.server && compareCoordinates(left.at, right.at) === 0

function placeOf(text: string): Place {
  const [server = '', position = ''] = text.split('@')
  return { server: caseKey(server), at: { file: 'binlog.000001', position: BigInt(position) } }
}

export const moveCommands: readonly Command[] = [{
  says: `A plan that moves servers, or why there is none: ${Object.keys(verbs).join(', ')}; \`below SERVER\` where one is needed, \`matching PATTERN\` for some replicas only; \`knowing db1@1000=db2@700\`: two places that are the same.`,
  pattern: new RegExp(`^plan (${Object.keys(verbs).join('|')}) (\\S+)(?: below (\\S+))?(?: matching (\\S+))?(?: knowing (\\S+)=(\\S+))?$`),
  run: ({ topology }, [, name = '', instance = '', target, pattern, one, same]): CommandAnswer => {
    const { planned, run } = planVerb(name, topology, caseKey(instance), caseKey(target ?? instance), pattern, [one, same].flatMap(text => (text === undefined ? [] : [placeOf(text)])))
    const lines = [...plannedLines(planned), ...leftOf(planned).map(({ replica, why }) => `left ${replica}  ${reasonText(why)}`)]
    return run === null ? { lines } : { lines: lines.length === 0 ? ['nothing to do'] : lines, planned: run }
  },
}]
