import type { RecoveryStepView } from '../../../../src/contract/views.ts'

/** One stage of a recovery on its time line: from its first word to its last. */
export interface StageBar {
  readonly stage: string
  readonly from: number
  readonly to: number
  readonly isOpen: boolean
  readonly failed: number
  readonly steps: readonly RecoveryStepView[]
}

/**
 * Steps gathered by stage, in the order in which stages began. A stage ends with its last step (a step that states its duration
 * began that much earlier); the last stage of a recovery that still runs is open and reaches until now.
 */
export function stageBars(steps: readonly RecoveryStepView[], startedAt: number, endedAt: number | null, now: number): readonly StageBar[] {
  const sorted = steps.toSorted((left, right) => left.at - right.at || left.id - right.id)
  const stages = [...Map.groupBy(sorted, step => step.stage)]
  const begins = stages.map(([, own]) => Math.min(...own.map(step => Math.max(startedAt, step.at - (step.durationMilliseconds ?? 0)))))
  return stages.map(([stage, own], index): StageBar => {
    const isLast = index === stages.length - 1
    const isOpen = isLast && endedAt === null
    const from = begins[index] ?? startedAt
    const last = Math.max(...own.map(step => step.at))
    // A stage without durations lasts until the next one begins, so that no time is left unexplained.
    const next = begins[index + 1]
    const to = isOpen
      ? now
      : own.some(step => step.durationMilliseconds !== null) || next === undefined
        ? isLast
          ? Math.max(last, endedAt ?? last)
          : last
        : Math.max(last, next)
    return { stage, from, to: Math.max(to, from), isOpen, failed: own.filter(step => step.outcome === 'failed').length, steps: own }
  })
}

/** Places of marks on the axis: at most seven, at round numbers of milliseconds. */
export function axisTicks(length: number): readonly number[] {
  const rough = Math.max(length, 1) / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(each => each * power).find(each => each >= rough) ?? rough
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}
