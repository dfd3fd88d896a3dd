import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { wordsOf } from '../../drawing/filter.ts'

/** What is looked for, word by word; each can be taken away. */
export function FilterWords({ query, set }: { readonly query: string; readonly set: (query: string) => void }) {
  const { t } = useTranslation()
  const words = wordsOf(query)
  return (
    <ul className="filter-words" aria-label={t('serverList.words')}>
      {words.map((word, index) => (
        // The same word may stand twice: only its place tells them apart.
        <li key={`${index} ${word}`}>
          <code>{word}</code>
          <button type="button" aria-label={t('serverList.dropWord', { word })} title={t('serverList.dropWord', { word })} onClick={() => set(words.filter((_, other) => other !== index).join(' '))}>
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
