import type { OperationView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'

type Step = OperationView['steps'][number]

export const failedStep = ({ steps }: Pick<OperationView, 'steps'>): Step | null => steps.find(({ state }) => state === 'failed') ?? null

/** All that is known of how an operation went, for a chat or a report. */
export function operationText(operation: OperationView, say: (reason: Reason) => string): string {
  const failed = failedStep(operation)
  return [
    `#${operation.number} ${operation.name}: ${say(operation.says)}`,
    `${operation.state}, ${new Date(operation.startedAt).toISOString()}${operation.endedAt === null ? '' : ` – ${new Date(operation.endedAt).toISOString()}`}, ${operation.by}`,
    ...operation.steps.map(step =>
      [step.number, step.server, step.says === undefined ? step.action : say(step.says), step.state, step.milliseconds === null ? '' : `${step.milliseconds} ms`, step.failure ?? '']
        .filter(part => part !== '')
        .join('  '),
    ),
    ...(operation.failure === null ? [] : [say(operation.failure)]),
    ...(failed?.ifStoppedHere === undefined ? [] : [say(failed.ifStoppedHere)]),
  ].join('\n')
}
