import { notifications } from '@mantine/notifications'
import type { QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import type { OperationAnswer } from '../../../src/contract/views.ts'
import { client, type OperationInput } from '../api/client.ts'
import { RequestFailure } from '../api/request.ts'
import { keepTold } from '../ui/told.ts'
import { sayReason } from '../words/say.ts'

const successShownMilliseconds = 6_000

export const tellSuccess = (message: ReactNode): void => {
  keepTold({ isFailure: false, title: '', message })
  notifications.show({ message, color: 'teal', autoClose: successShownMilliseconds, withBorder: true, closeButtonProps: { 'aria-label': i18next.t('state.close') } })
}

/** Failures stay until somebody closes them. */
export const tellFailure = (title: string, message: ReactNode): void => {
  keepTold({ isFailure: true, title, message })
  notifications.show({ title, message, color: 'red', autoClose: false, withBorder: true, closeButtonProps: { 'aria-label': i18next.t('state.close') } })
}

export const failureText = (error: unknown): string =>
  error instanceof RequestFailure && error.reason !== null ? sayReason(error.reason, i18next.language) : error instanceof Error ? error.message : String(error)

/** Runs something small that needs no plan and tells how it ended. Answers whether it was done. `waits`: it may take long, and only its end tells. */
export async function runNow(cache: QueryClient, operation: string, input: OperationInput, doneMessage: string, waits = false, why?: string): Promise<boolean> {
  let answer: OperationAnswer
  try {
    answer = await (waits ? client.ask(operation, input) : client.run(operation, input, undefined, why))
  } catch (error) {
    const isSilent = error instanceof RequestFailure && error.status === 0
    tellFailure(isSilent ? i18next.t('plan.notSent') : i18next.t('state.failed'), failureText(error))
    return false
  }
  if (answer.state === 'refused') {
    tellFailure(i18next.t('plan.refused'), sayReason(answer.refused, i18next.language))
    return false
  }
  tellSuccess(doneMessage)
  // The stream brings what changed; recoveries and findings change by acts that touch no server, so they are asked again.
  await cache.invalidateQueries({ predicate: query => ['cluster', 'findings', 'recoveries', 'recovery', 'me', 'group', 'agents', 'seeds', 'pools'].includes(String(query.queryKey[0])) })
  return true
}
