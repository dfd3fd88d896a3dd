import { Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { poolDifference, serversIn } from './pool-difference.ts'
import { runNow } from './run.ts'

/** Says which servers a pool has, after showing who comes and who goes. */
export function SubmitPoolDialog({ pool, members }: { readonly pool: string; readonly members: readonly string[] }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const { data: pools } = useQuery(queries.pools(null))
  const { data: known } = useQuery(queries.servers)
  const [name, setName] = useState(pool)
  const [text, setText] = useState(members.join('\n'))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const asked = serversIn(text)
  const before = (pools?.members ?? []).filter(member => member.pool === name.trim()).map(({ instance }) => String(instance))
  const difference = poolDifference(before, asked, (known?.servers ?? []).map(({ key }) => key))
  const submit = async (): Promise<void> => {
    setTried(true)
    if (name.trim() === '') return
    setBusy(true)
    const input = { pool: name.trim(), ...(asked.length === 0 ? {} : { instances: asked.join(',') }) }
    if (await runNow(cache, 'submit-pool-instances', input, t('pools.done', { pool: name.trim() }), true)) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('pools.submitTitle')} runLabel={t('pools.run')} busy={busy} run={submit} size={520}>
      <p className="dim">{t('pools.submitText')}</p>
      <TextInput
        data-autofocus
        label={t('pools.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        error={tried && name.trim() === '' ? t('pools.needsName') : null}
        autoComplete="off"
        spellCheck={false}
      />
      <Textarea
        label={t('pools.members')}
        description={t('pools.membersHint')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        rows={5}
        autoComplete="off"
        spellCheck={false}
      />
      <dl className="pool-difference" aria-live="polite">
        {(['added', 'removed', 'stays', 'unknown'] as const).map(part =>
          difference[part].length === 0 ? null : (
            <div key={part}>
              <dt className={part === 'unknown' ? 'ink-warning' : 'dim'}>{t(`pools.${part}`)}</dt>
              <dd className="mono">{difference[part].join(', ')}</dd>
            </div>
          ),
        )}
      </dl>
    </FormDialog>
  )
}
