import type { QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { client, type OperationInput } from '../api/client.ts'
import { sayReason } from '../words/say.ts'
import { fewAtATime } from './few-at-a-time.ts'
import { failureText, tellFailure, tellSuccess } from './run.ts'

/** Does the same to several servers and says of how many it was done, and which refused and why. Answers whether all did it. */
export async function runMany(
  cache: QueryClient,
  operation: string,
  items: readonly { readonly name: string; readonly input: OperationInput }[],
  done: (count: number) => string,
): Promise<boolean> {
  const answers = await fewAtATime(items, async ({ name, input }) => {
    try {
      const answer = await client.ask(operation, input)
      return answer.state === 'refused' ? `${name}: ${sayReason(answer.refused, i18next.language)}` : null
    } catch (error) {
      return `${name}: ${failureText(error)}`
    }
  })
  const failures = answers.filter(answer => answer !== null)
  const count = items.length - failures.length
  if (count > 0) tellSuccess(done(count))
  if (failures.length > 0) tellFailure(i18next.t('many.notDone', { count: failures.length }), failures.join('; '))
  await cache.invalidateQueries({ predicate: query => ['cluster', 'servers', 'findings'].includes(String(query.queryKey[0])) })
  return failures.length === 0
}
