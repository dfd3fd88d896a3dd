import { ActionIcon, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'

const settableRules = ['prefer', 'neutral', 'prefer_not', 'must_not'] as const
type SettableRule = (typeof settableRules)[number]

/** How gladly a server is promoted. */
export function PromotionRuleDialog({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const name = useNameOf()(server.key)
  const cache = useQueryClient()
  const [rule, setRule] = useState<SettableRule>(settableRules.find(each => each === server.promotionRule) ?? 'neutral')
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setBusy(true)
    const done = t('rule.done', { server: name, rule: t(`panel.promotionRule.${rule}`) })
    if (await runNow(cache, 'register-candidate', { instance: server.key, promotionRule: rule }, done)) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('rule.title', { server: name })} runLabel={t('rule.set')} busy={busy} run={send}>
      <p className="dim">{t('rule.text')}</p>
      <fieldset className="candidates">
        <legend>{t('rule.is')}</legend>
        {settableRules.map(each => (
          <label key={each}>
            <input type="radio" name="rule" checked={rule === each} onChange={() => setRule(each)} />
            <strong>{t(`panel.promotionRule.${each}`)}</strong>
            <span className="dim">{t(`rule.hints.${each}`)}</span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  )
}

const tagsOf = async (instance: string): Promise<readonly string[]> => {
  const answer = await client.ask('tags', { instance })
  // The edge: what the operation's own entry of the contract says it answers.
  return answer.state === 'done' ? (answer.output as readonly string[]) : []
}

/** The tags of a server: each can be taken away, others added; the dialog stays. */
export function TagsDialog({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const name = useNameOf()(server.key)
  const cache = useQueryClient()
  const tags = useQuery({ queryKey: ['tags', server.key], queryFn: () => tagsOf(server.key), staleTime: 0, gcTime: 0 })
  const [tagName, setTagName] = useState('')
  const [value, setValue] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const act = async (operation: 'tag' | 'untag', tag: string): Promise<boolean> => {
    setBusy(true)
    const isDone = await runNow(cache, operation, { instance: server.key, tag }, t('done.sent'))
    setBusy(false)
    await tags.refetch()
    return isDone
  }
  const add = async (): Promise<void> => {
    setTried(true)
    if (tagName.trim() === '') return
    if (!(await act('tag', value.trim() === '' ? tagName.trim() : `${tagName.trim()}=${value.trim()}`))) return
    setTagName('')
    setValue('')
    setTried(false)
  }
  return (
    <FormDialog title={t('tags.title', { server: name })} runLabel={t('tags.add')} busy={busy} run={add} closeLabel={t('state.close')}>
      {tags.isError ? <Failure error={tags.error} retry={() => void tags.refetch()} /> : null}
      {tags.data?.length === 0 ? <p className="dim">{t('tags.none')}</p> : null}
      <ul className="tag-list" aria-label={t('tags.list')}>
        {(tags.data ?? []).map(tag => (
          <li key={tag}>
            <span className="mono">{tag}</span>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={t('tags.remove', { tag })} disabled={busy} onClick={() => void act('untag', tag.split('=')[0] ?? tag)}>
              <IconX size={14} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <TextInput
        data-autofocus
        label={t('tags.name')}
        value={tagName}
        onChange={event => setTagName(event.currentTarget.value)}
        error={tried && tagName.trim() === '' ? t('ask.required') : null}
      />
      <TextInput label={t('tags.value')} value={value} onChange={event => setValue(event.currentTarget.value)} />
    </FormDialog>
  )
}
