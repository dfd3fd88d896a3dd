import type { TFunction } from 'i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { statusOrder } from '../drawing/trouble.ts'
import { inSentence } from '../words/format.ts'

/** "2 lag · 27 replicating", worst first. */
export function countWords(servers: readonly ServerView[], t: TFunction): string {
  const counts = Map.groupBy(servers, server => server.statuses[0]?.code ?? 'not-checked')
  return statusOrder
    .flatMap(code => {
      const count = counts.get(code)?.length ?? 0
      return count === 0 ? [] : [t('card.stackLine', { count, word: inSentence(t(`status.${code}`)) })]
    })
    .join(' · ')
}
