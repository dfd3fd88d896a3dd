import type { SettingsView } from '../../../src/contract/configuration.ts'
import type { DoctorReport } from '../../../src/contract/doctor.ts'
import type { GroupView } from '../../../src/contract/raft.ts'
import type { HistoryView, PastChangesView, PastView } from '../../../src/contract/history.ts'
import type { ReturnedPrimary } from '../../../src/contract/returned.ts'
import type { Foreseen } from '../../../src/contract/what-if.ts'
import type {
  ClusterView,
  DetectionView,
  FindingView,
  FleetView,
  MeView,
  OperationAnswer,
  OperationView,
  RecoveryDryRunView,
  RecoverySummary,
  RecoveryView,
  ServersView,
  StatusHourView,
  StatusView,
  TargetView,
} from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import type { CloneProgress } from '../../../src/model/recovery/clone-progress.ts'
import { apiAddress } from './address.ts'
import { actDeadlineMilliseconds, request, RequestFailure } from './request.ts'

/** Every address of API version 2 that the page uses, in one place. */
export const client = {
  me: () => request<MeView>(apiAddress('me')),
  fleet: () => request<FleetView>(apiAddress('clusters')),
  cluster: (hint: string) => request<ClusterView>(apiAddress(`clusters/${encodeURIComponent(hint)}`)),
  findings: () => request<Listed<'findings', FindingView>>(apiAddress('findings')).then(answer => listOf(answer, 'findings')),
  recoveries: (page: number) =>
    request<Listed<'recoveries', RecoverySummary>>(apiAddress(`recoveries?page=${page}`)).then(answer => listOf(answer, 'recoveries')),
  recoveriesOf: (of: Readonly<Record<string, string | number | boolean | undefined>>) =>
    request<Listed<'recoveries', RecoverySummary>>(
      apiAddress(`recoveries?${new URLSearchParams(Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))).toString()}`),
    ).then(answer => listOf(answer, 'recoveries')),
  audit: (query: Readonly<Record<string, string>>) =>
    request<Listed<'audit', AuditLine>>(apiAddress(`audit?${new URLSearchParams(query).toString()}`)).then(answer => listOf(answer, 'audit')),
  detections: ({ page, alias, id }: { readonly page: number; readonly alias: string | null; readonly id: string | null }) =>
    request<Listed<'detections', DetectionView>>(
      apiAddress(`detections?page=${page}${alias === null ? '' : `&alias=${encodeURIComponent(alias)}`}${id === null ? '' : `&id=${encodeURIComponent(id)}`}`),
    ).then(answer => listOf(answer, 'detections')),
  settings: () => request<SettingsView>(apiAddress('settings')),
  servers: () => request<ServersView>(apiAddress('servers')),
  recovery: (uid: string) => request<RecoveryView>(apiAddress(`recoveries/${encodeURIComponent(uid)}`)),
  history: (cluster: string) => request<HistoryView>(apiAddress(`history?cluster=${encodeURIComponent(cluster)}`)),
  past: (cluster: string, at: number) => request<PastView>(apiAddress(`history/picture?cluster=${encodeURIComponent(cluster)}&at=${Math.round(at)}`)),
  pastChanges: (cluster: string, from: number, to: number) =>
    request<PastChangesView>(apiAddress(`history/changes?cluster=${encodeURIComponent(cluster)}&from=${Math.round(from)}&to=${Math.round(to)}`)),
  operations: () => request<Listed<'operations', OperationView>>(apiAddress('operations')).then(answer => listOf(answer, 'operations')),
  group: () => request<GroupView>(apiAddress('group')),
  groupOfLeader: () => request<GroupView>(apiAddress('group/leader')),
  status: () => request<StatusView>(apiAddress('status')),
  statusHour: () => request<StatusHourView>(apiAddress('status/hour')),
  targets: (servers: readonly string[]) => request<Listed<'targets', TargetView>>(apiAddress('targets'), { servers }).then(answer => listOf(answer, 'targets')),
  targetsOfReplicas: (source: string) => request<Listed<'targets', TargetView>>(apiAddress('targets'), { replicasOf: source }).then(answer => listOf(answer, 'targets')),
  recoveryDryRun: (server: string) => request<RecoveryDryRunView>(apiAddress('recovery-dry-run'), { server }),
  dryRun: (operation: string, input: OperationInput) => operate(operation, { input, dryRun: true }),
  /** Waits for the answer itself, however long it takes. */
  ask: (operation: string, input: OperationInput) => operate(operation, { input, wait: true }),
  /** `why`: what a person says of it, for the audit. */
  run: (operation: string, input: OperationInput, fingerprint?: string, why?: string) =>
    operate(operation, { input, ...(fingerprint === undefined ? {} : { fingerprint }), ...(why === undefined ? {} : { why }) }),
  /** Runs exactly that plan and answers when it is over. */
  runToEnd: (operation: string, input: OperationInput, fingerprint: string) => operate(operation, { input, fingerprint, wait: true }),
  whatIf: async (input: OperationInput): Promise<Foreseen> => {
    const answer = await operate('what-if', { input, wait: true })
    if (answer.state === 'refused') throw new RequestFailure(apiAddress('operations/what-if'), 409, answer.refused, answer.refused.text, null)
    // The edge: this is what the operation answers when it is waited for.
    return (answer as { readonly output: Foreseen }).output
  },
  /** Primaries that were replaced and follow nobody yet; nothing is known of them to whoever may not ask. */
  returned: async (): Promise<readonly ReturnedPrimary[]> => outputOf<readonly ReturnedPrimary[]>(await operate('returned-primaries', { input: {}, wait: true })) ?? [],
  /** Null: it cannot be asked now. */
  cloneProgress: async (server: string): Promise<CloneProgress | null> => outputOf<CloneProgress>(await operate('clone-progress', { input: { instance: server }, wait: true })),
  doctor: async (input: OperationInput): Promise<DoctorReport> => {
    const answer = await operate('doctor', { input, wait: true })
    if (answer.state === 'refused') throw new RequestFailure(apiAddress('operations/doctor'), 409, answer.refused, answer.refused.text, null)
    // The edge: this is what the operation answers when it is waited for.
    return (answer as { readonly output: DoctorReport }).output
  },
  /** Asks an operation that only reads; what it refuses is a failure. */
  read: async <Output,>(operation: string, input: OperationInput = {}): Promise<Output> => {
    const answer = await operate(operation, { input, wait: true })
    if (answer.state === 'refused') throw new RequestFailure(apiAddress(`operations/${operation}`), 409, answer.refused, answer.refused.text, null)
    // The edge: this is what the named operation answers when it is waited for.
    return (answer as { readonly output: Output }).output
  },
  eventsAddress: () => apiAddress('events'),
}

/** One thing that was done, as the server keeps it. */
export interface AuditLine {
  readonly id: number
  readonly at: number
  readonly kind: string
  readonly server: string | null
  readonly clusterName: string
  readonly message: string
}

export type OperationInput = Readonly<Record<string, string | number | boolean>>

/** Statuses of a refusal: unreadable input, a clash with how things are, too much at once. The body is then the answer, or the reason alone. */
const refusedStatuses = [400, 403, 404, 409, 503]

async function operate(operation: string, body: unknown): Promise<OperationAnswer> {
  const answer = await request<OperationAnswer | Reason>(apiAddress(`operations/${operation}`), body, refusedStatuses, actDeadlineMilliseconds)
  return 'state' in answer ? answer : { state: 'refused', refused: answer }
}

// The edge: this is what the named operation answers when it is waited for.
const outputOf = <Output,>(answer: OperationAnswer): Output | null => (answer.state === 'done' ? (answer.output as Output) : null)

type Listed<Name extends string, Item> = readonly Item[] | { readonly [Key in Name]: readonly Item[] }

function listOf<Name extends string, Item>(answer: Listed<Name, Item>, name: Name): readonly Item[] {
  return Array.isArray(answer) ? answer : (answer as { readonly [Key in Name]: readonly Item[] })[name]
}
