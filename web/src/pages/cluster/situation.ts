import type { ClusterView, FindingView, MeView, RecoverySummary } from '../../../../src/contract/views.ts'

/** What can be pressed in the line about a failure. */
export type SituationAct = 'recover' | 'recoverNow' | 'stopAutomatic' | 'switchOn' | 'acknowledgeBlocking' | 'seeBlocking' | 'downtime' | 'status' | 'show'

/** What a failure that is not being recovered comes to at this moment: one line, and what can be done about it. */
export interface Situation {
  readonly name: 'suspected' | 'about-to' | 'blocked' | 'not-covered' | 'off' | 'no-leader' | 'downtimed' | 'promise' | 'no-remedy'
  readonly tone: 'critical' | 'warning'
  readonly acts: readonly SituationAct[]
}

const situations: Readonly<Record<Situation['name'], Omit<Situation, 'name'>>> = {
  'suspected': { tone: 'warning', acts: ['show', 'downtime'] },
  'about-to': { tone: 'critical', acts: ['stopAutomatic', 'recoverNow'] },
  'blocked': { tone: 'critical', acts: ['seeBlocking', 'acknowledgeBlocking', 'recover'] },
  'not-covered': { tone: 'critical', acts: ['recover'] },
  'off': { tone: 'critical', acts: ['recover', 'switchOn'] },
  'no-leader': { tone: 'critical', acts: ['status'] },
  'downtimed': { tone: 'warning', acts: ['recover'] },
  'promise': { tone: 'critical', acts: ['recover'] },
  'no-remedy': { tone: 'critical', acts: ['show', 'downtime'] },
}

/** Exactly one for each failure; null: there is nothing to say of it here, because a recovery of it is told by itself. */
export function situationOf({ outlook }: FindingView, me: Pick<MeView, 'leader'> | undefined): Situation | null {
  const name = nameOf(outlook, me?.leader === '')
  return name === null ? null : { name, ...situations[name] }
}

function nameOf({ state, reason }: FindingView['outlook'], hasNoLeader: boolean): Situation['name'] | null {
  if (state === 'recovering') return null
  if (state === 'none-needed' || state === 'no-remedy') return 'no-remedy'
  if (state === 'waiting-for-evidence' && reason.code === 'suspected') return 'suspected'
  // Nobody would act, whatever else stands in the way.
  if (hasNoLeader) return 'no-leader'
  // What was promised of acknowledged writes cannot be shown to be kept: no time decides that, a person may.
  if (state === 'waiting-for-evidence' && reason.code.startsWith('durability-')) return 'promise'
  return state === 'due' || state === 'waiting-for-evidence' ? 'about-to' : state
}

/** Failures of this cluster, one for each server; one that is only suspected counts too, because people will ask. */
export function failuresOf({ allFindings }: Pick<ClusterView, 'allFindings'>): readonly FindingView[] {
  const failures = allFindings.filter(({ severity, isDowntimed, outlook }) => (severity === 'critical' || outlook.reason.code === 'suspected') && !isDowntimed)
  return [...new Map(failures.toReversed().map(finding => [finding.server, finding])).values()].toReversed()
}

/** The recovery that stands in the way, when the page knows it. */
export function blockingRecovery(cluster: Pick<ClusterView, 'recoveries' | 'blocked'>, { outlook, server }: FindingView): RecoverySummary | null {
  const told = outlook.reason.parameters['recovery'] ?? cluster.blocked.find(each => each.server === server)?.blockedBy
  return cluster.recoveries.find(({ id }) => id === Number(told)) ?? null
}
