import type { Detection, Recovery, RecoveryStep } from './records.ts'
import { type DrawnTree, readTree } from './drawn-tree.ts'

/** What was said by whom: a sentence of the record, which the page words in its own language. */
export interface StoryLine {
  /** ms since 1970. */
  readonly at: number
  /** The server that it is about; null: the recovery as a whole. */
  readonly server: string | null
  readonly says: string
  readonly outcome: RecoveryStep['outcome']
}

export interface StoryStep extends StoryLine {
  readonly stage: string
  /** Since the recovery began. */
  readonly afterMilliseconds: number
  readonly tookMilliseconds: number | null
}

/** One recovery told from its evidence to its end, for somebody who was not there. Everything in it was written down while it happened. */
export interface FailureStory {
  readonly uid: string
  readonly id: number
  readonly code: string
  readonly cluster: string
  readonly failed: string
  readonly successor: string | null
  /** '' for an automatic one. */
  readonly command: string
  readonly startedBy: string
  /** The manager that acted. */
  readonly node: string
  readonly outcome: 'running' | 'planned' | 'succeeded' | 'failed'
  readonly times: {
    /** Null: nobody noticed a failure; it was asked for. */
    readonly detectedAt: number | null
    readonly startedAt: number
    /** When the successor took writes; null: none did, or the record does not say. */
    readonly writableAt: number | null
    readonly endedAt: number | null
  }
  readonly evidence: readonly StoryLine[]
  readonly decisions: readonly StoryLine[]
  readonly steps: readonly StoryStep[]
  /** Null: it was not written down, as by the original and by versions before this one. */
  readonly atRisk: readonly string[] | null
  readonly lostReplicas: readonly string[]
  readonly errors: readonly string[]
  readonly before: DrawnTree | null
  readonly after: DrawnTree | null
  readonly acknowledged: Recovery['acknowledged']
}

/** How a diagnosis came about. */
export interface Diagnosis {
  readonly detection: Pick<Detection, 'startedAt' | 'description' | 'key'> | null
  readonly changes: readonly { readonly at: number; readonly code: string }[]
}

/** Beginnings of lines in the record that stand for something of their own; the rest of the line is what it says. */
export const marks = { evidence: 'evidence: ', atRisk: 'at risk: ', before: 'topology before: ', after: 'topology after: ' } as const

/** Stages whose lines say what was judged, whether or not a server was changed in them. */
const judging: ReadonlySet<string> = new Set(['prove', 'choose'])

/** Of the record as it is, complete or not: a recovery that runs has a story so far. */
export function failureStory(recovery: Recovery, steps: readonly RecoveryStep[], { detection, changes }: Diagnosis): FailureStory {
  const sorted = steps.toSorted((left, right) => left.at - right.at || left.id - right.id)
  const marked = (mark: string): readonly RecoveryStep[] => sorted.filter(({ message }) => message.startsWith(mark))
  const rest = ({ message }: RecoveryStep, mark: string): string => message.slice(mark.length)
  const isMarked = ({ message }: RecoveryStep): boolean => Object.values(marks).some(mark => message.startsWith(mark))
  const told = sorted.filter(step => !isMarked(step))
  const atRisk = marked(marks.atRisk).map(step => rest(step, marks.atRisk))
  const tree = (mark: string): DrawnTree | null => {
    const last = marked(mark).at(-1)
    return last === undefined ? null : readTree(rest(last, mark))
  }
  return {
    uid: recovery.uid, id: recovery.id, code: recovery.code, cluster: recovery.clusterAlias || recovery.clusterName, failed: recovery.key, successor: recovery.successor,
    command: recovery.command, startedBy: recovery.startedBy, node: recovery.nodeHostname, outcome: outcomeOf(recovery),
    times: { detectedAt: detection?.startedAt ?? null, startedAt: recovery.startedAt, writableAt: writableAt(recovery, told), endedAt: recovery.endedAt },
    evidence: [
      ...changesTowards(changes, recovery.startedAt).map(({ at, code }): StoryLine => ({ at, server: recovery.key, says: code, outcome: 'note' })),
      ...(detection === null || detection.description === '' ? [] : [{ at: detection.startedAt, server: detection.key, says: detection.description, outcome: 'note' } as const]),
      ...marked(marks.evidence).map(step => ({ ...line(step), says: rest(step, marks.evidence) })),
    ].toSorted((left, right) => left.at - right.at),
    decisions: told.filter(isDecision).map(line),
    steps: told.filter(step => !isDecision(step)).map(step => ({
      ...line(step), stage: step.stage, afterMilliseconds: Math.max(0, step.at - recovery.startedAt), tookMilliseconds: step.durationMilliseconds,
    })),
    atRisk: atRisk.length === 0 ? null : atRisk,
    lostReplicas: recovery.lostReplicas, errors: recovery.errors, before: tree(marks.before), after: tree(marks.after), acknowledged: recovery.acknowledged,
  }
}

/** How it came to this: what was found since the server was last well, until it was acted upon. */
function changesTowards(changes: Diagnosis['changes'], startedAt: number): Diagnosis['changes'] {
  const until = changes.filter(({ at }) => at <= startedAt).toSorted((left, right) => left.at - right.at)
  return until.slice(until.findLastIndex(({ code }) => code === 'NoProblem') + 1)
}

const line = ({ at, server, message, outcome }: RecoveryStep): StoryLine => ({ at, server, says: message, outcome })

/** A remark that changed nothing by itself: why it was begun, what was judged, whom it fell upon. What was done to a server took time, which is told. */
function isDecision({ stage, outcome, durationMilliseconds }: RecoveryStep): boolean {
  return durationMilliseconds === null && (judging.has(stage) || (stage === 'begin' && outcome === 'note'))
}

function outcomeOf({ endedAt, isSuccessful, command }: Recovery): FailureStory['outcome'] {
  if (endedAt === null) return 'running'
  return !isSuccessful ? 'failed' : command.startsWith('graceful') ? 'planned' : 'succeeded'
}

/** The first moment at which the successor was told to take writes and did. */
function writableAt({ successor }: Recovery, steps: readonly RecoveryStep[]): number | null {
  return successor === null ? null : (steps.find(({ server, message, outcome }) => server === successor && outcome === 'done' && message === 'set read_only=0')?.at ?? null)
}
