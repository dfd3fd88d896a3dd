import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { byName } from '../drawing/forest.ts'
import { useNameOf } from '../instance/names.ts'
import { lagWords, statusWords } from '../instance/server-words.ts'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { runNow } from './run.ts'

/** A planned takeover: who, what will happen, the cluster's name typed, run. */
export function TakeoverDialog({ cluster, to }: { readonly cluster: ClusterView; readonly to: string | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const name = cluster.alias || cluster.name
  const primary = cluster.primary?.key ?? null
  const [chosen, setChosen] = useState<string>(to ?? '')
  const [typed, setTyped] = useState('')
  const candidates = cluster.members.filter(member => member.source === primary).toSorted(byName)
  const dryRun = useQuery({
    queryKey: ['recovery-dry-run', primary],
    queryFn: () => client.recoveryDryRun(primary ?? ''),
    enabled: primary !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const reasonsFor = (key: string): string => (dryRun.data?.candidates.find(candidate => candidate.key === key)?.reasons ?? []).map(say).join(' · ')

  const run = async (): Promise<void> => {
    closeDialog()
    await runNow(cache, 'graceful-takeover-auto', { cluster: cluster.name, ...(chosen === '' ? {} : { designated: chosen }) }, t('done.sent'))
  }
  const successor = chosen === '' ? null : chosen

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={640}
      centered
      title={t('takeover.title', { cluster: name })}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <div className="dialog">
        <p>{t('takeover.text')}</p>
        <fieldset className="candidates">
          <legend>{t('takeover.who')}</legend>
          <label>
            <input type="radio" name="successor" checked={chosen === ''} onChange={() => setChosen('')} />
            <strong>{t('takeover.best')}</strong>
            <span className="dim">{t('takeover.bestText')}</span>
          </label>
          {candidates.map(candidate => (
            <label key={candidate.key}>
              <input type="radio" name="successor" checked={chosen === candidate.key} onChange={() => setChosen(candidate.key)} />
              <strong>{nameOf(candidate.key)}</strong>
              <Facts server={candidate} />
              <span className="dim">{reasonsFor(candidate.key)}</span>
            </label>
          ))}
        </fieldset>
        <TextInput
          label={t('plan.typeName', { name })}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          <Button color="red" disabled={typed.trim() !== name} onClick={() => void run()}>
            {successor === null ? t('plan.run') : t('plan.runTakeover', { server: nameOf(successor) })}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

function Facts({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const worst = server.statuses[0]
  const words = worst === undefined || worst.severity === 'ok' ? lagWords(server, t) : statusWords(worst, server, t)
  return (
    <span className={worst === undefined || worst.severity === 'ok' ? 'dim' : `ink-${worst.severity}`}>
      {[words, server.dataCenter].filter(part => part !== '').join(' · ')}
    </span>
  )
}
