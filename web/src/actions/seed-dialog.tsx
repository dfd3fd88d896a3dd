import { Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { sayReason } from '../words/say.ts'
import { SeedPlan } from '../pages/agents/seed-plan.tsx'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { failureText, tellFailure, tellSuccess } from './run.ts'

/** Replaces all data of one host by those of another: what is erased is said, and the host must be typed. */
export function SeedDialog({ host, sources }: { readonly host: string; readonly sources: readonly string[] }) {
  const { t, i18n } = useTranslation()
  const cache = useQueryClient()
  const { data: agents } = useQuery(queries.agents)
  const hosts = [...new Set([...sources, ...(agents ?? []).map(agent => agent.host)])].filter(each => each !== host)
  const [source, setSource] = useState<string | null>(sources.find(each => each !== host) ?? null)
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const begin = async (): Promise<void> => {
    setTried(true)
    if (source === null || typed.trim() !== host) return
    setBusy(true)
    try {
      const answer = await client.ask('agent-seed', { targetHost: host, sourceHost: source })
      if (answer.state === 'refused') tellFailure(t('plan.refused'), sayReason(answer.refused, i18n.language))
      else {
        tellSuccess(t('agents.ask.seedDone', { seed: answer.state === 'done' ? String(answer.output) : '' }))
        await cache.invalidateQueries({ queryKey: ['seeds'] })
        closeDialog()
      }
    } catch (error) {
      tellFailure(t('state.failed'), failureText(error))
    }
    setBusy(false)
  }
  return (
    <FormDialog title={t('agents.ask.seedTitle', { host })} runLabel={t('agents.ask.seedRun', { host })} busy={busy} run={begin} size={620}>
      <p>{t('agents.ask.seedText', { host })}</p>
      <Select
        label={t('agents.ask.source')}
        description={t('agents.ask.sourceHint')}
        data={hosts}
        value={source}
        onChange={setSource}
        error={tried && source === null ? t('ask.required') : null}
      />
      {source === null ? null : <SeedPlan target={host} source={source} />}
      <TextInput
        label={t('plan.typeName', { name: host })}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        error={tried && typed.trim() !== host ? t('plan.typeName', { name: host }) : null}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  )
}
