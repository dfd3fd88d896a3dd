import type { RecoveryStepView } from '../../../../src/contract/views.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/** One stage of a recovery on its time line: the spans of time that it took, which may be several (hooks before and after). */
export interface StageBar {
  readonly stage: string
  readonly spans: readonly Span[]
  readonly tookMilliseconds: number
  readonly isOpen: boolean
  readonly failed: number
  /** How often the step was tried that was tried most often. */
  readonly attempts: number
  readonly steps: readonly RecoveryStepView[]
}

/**
 * Which stage took which time. Steps are told when they end, so the time up to a step since the one before it belongs to its stage; the time
 * after the last one to the last stage, until the recovery ends, or until now while it runs. So the stages together are the whole, and
 * nothing is counted twice, also where servers work at the same time.
 */
export function stageBars(steps: readonly RecoveryStepView[], startedAt: number, endedAt: number | null, now: number): readonly StageBar[] {
  const sorted = steps.toSorted((left, right) => left.at - right.at || Math.abs(left.id) - Math.abs(right.id))
  const spans = new Map<string, Span[]>()
  let at = startedAt
  for (const step of sorted) {
    const to = Math.max(at, step.at)
    add(spans, step.stage, { from: at, to })
    at = to
  }
  const last = sorted.at(-1)
  if (last !== undefined) add(spans, last.stage, { from: at, to: Math.max(at, endedAt ?? now) })
  return [...Map.groupBy(sorted, step => step.stage)].map(([stage, own]): StageBar => {
    const ownSpans = spans.get(stage) ?? []
    return {
      stage,
      spans: ownSpans,
      tookMilliseconds: ownSpans.reduce((sum, span) => sum + span.to - span.from, 0),
      isOpen: endedAt === null && stage === last?.stage,
      failed: own.filter(step => step.outcome === 'failed').length,
      attempts: attemptsIn(own),
      steps: own,
    }
  })
}

/** The same words about the same server more than once, and at least one of them failed: it was tried again. What a failure adds to the words stands behind a colon. */
function attemptsIn(steps: readonly RecoveryStepView[]): number {
  const ended = steps.filter(({ outcome, server }) => server !== null && (outcome === 'done' || outcome === 'failed'))
  const tries = [...Map.groupBy(ended, ({ server, message }) => `${server} ${message.split(': ')[0]}`).values()].filter(own => own.some(({ outcome }) => outcome === 'failed'))
  return Math.max(1, ...tries.map(own => own.length))
}

/** Adjacent spans of one stage are one. */
function add(spans: Map<string, Span[]>, stage: string, span: Span): void {
  const own = spans.get(stage) ?? []
  const before = own.at(-1)
  if (before !== undefined && before.to === span.from) own[own.length - 1] = { from: before.from, to: span.to }
  else own.push(span)
  spans.set(stage, own)
}

/** Places of marks on the axis: at most seven, at round numbers of milliseconds. */
export function axisTicks(length: number): readonly number[] {
  const rough = Math.max(length, 1) / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(each => each * power).find(each => each >= rough) ?? rough
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}
