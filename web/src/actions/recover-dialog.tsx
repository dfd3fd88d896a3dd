import { Button, Loader, Modal, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoveryDryRunView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { HookLists } from './hook-lists.tsx'
import { runNow } from './run.ts'

interface Props {
  readonly server: string
  readonly clusterName: string
  readonly clusterAlias: string
}

/**
 * What a recovery would do now: candidates with reasons, stages, losses, commands.
 * One button when the server is confirmed dead, a typed word when it may live.
 */
export function RecoverDialog({ server, clusterName, clusterAlias }: Props) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const cluster = clusterAlias || clusterName
  const dryRun = useQuery({ queryKey: ['recovery-dry-run', server], queryFn: () => client.recoveryDryRun(server), staleTime: 0, gcTime: 0 })
  const [chosen, setChosen] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const view = dryRun.data
  const best = view?.candidates.find(candidate => candidate.verdict === 'best')?.key ?? null
  const successor = chosen ?? best

  const run = async (): Promise<void> => {
    setBusy(true)
    const input = { instance: server, ...(chosen === null || chosen === best ? {} : { candidate: chosen }) }
    const sent = runNow(cache, 'recover', input, t('done.sent'))
    closeDialog()
    if (await sent) void navigate({ to: '/cluster/$name', params: { name: cluster } })
    setBusy(false)
  }

  return (
    <Modal opened onClose={closeDialog} size={720} centered title={t('recover.title', { cluster })} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        {dryRun.isPending ? (
          <p className="row dim">
            <Loader size="xs" />
            {t('recover.loading')}
          </p>
        ) : null}
        {dryRun.isError ? <Failure error={dryRun.error} retry={() => void dryRun.refetch()} /> : null}
        {view === undefined ? null : (
          <>
            {view.refusal === null ? null : (
              <div className="notice critical" role="alert">
                <IconCircleX size={20} aria-hidden />
                <div className="notice-body">
                  <strong>{t('recover.refused')}</strong>
                  <span>{say(view.refusal)}</span>
                </div>
              </div>
            )}
            <Certainty view={view} />
            {view.warnings.map(warning => (
              <div key={warning.text} className="notice warning">
                <IconAlertTriangle size={20} aria-hidden />
                <div className="notice-body">
                  <span>{say(warning)}</span>
                </div>
              </div>
            ))}
            <Candidates view={view} chosen={successor} choose={setChosen} />
            {view.stages.length === 0 ? null : (
              <section>
                <h3>{t('recover.stages')}</h3>
                <ol className="stage-list">
                  {view.stages.map(stage => (
                    <li key={stage.name}>{say(stage.says)}</li>
                  ))}
                </ol>
              </section>
            )}
            {view.lost.length === 0 ? null : (
              <section>
                <h3>{t('recover.lost')}</h3>
                <ul>
                  {view.lost.map(lost => (
                    <li key={lost.key}>
                      <strong>{nameOf(lost.key)}</strong> {say(lost.reason)}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <HookLists hooks={view.hooks} />
            {view.isConfirmedDead || view.refusal !== null ? null : (
              <TextInput
                label={t('plan.typeName', { name: cluster })}
                value={typed}
                onChange={event => setTyped(event.currentTarget.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </>
        )}
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.cancel')}
          </Button>
          {view !== undefined && view.refusal === null ? (
            <Button color="red" loading={busy} disabled={!view.isConfirmedDead && typed.trim() !== cluster} onClick={() => void run()}>
              {successor === null ? t('plan.runRecoverAny') : t('plan.runRecover', { server: nameOf(successor) })}
            </Button>
          ) : null}
        </div>
      </div>
    </Modal>
  )
}

function Certainty({ view }: { readonly view: RecoveryDryRunView }) {
  const { t } = useTranslation()
  if (view.refusal !== null) return null
  return view.isConfirmedDead ? (
    <p className="row">
      <IconCircleCheck size={17} className="ink-ok" aria-hidden />
      {t('recover.confirmed')}
    </p>
  ) : (
    <div className="notice warning" role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <div className="notice-body">
        <span>{t('recover.maybeAlive')}</span>
      </div>
    </div>
  )
}

function Candidates({ view, chosen, choose }: { readonly view: RecoveryDryRunView; readonly chosen: string | null; readonly choose: (key: string) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  if (view.candidates.length === 0) return <p className="dim">{t('recover.noCandidates')}</p>
  return (
    <fieldset className="candidates">
      <legend>{t('recover.candidates')}</legend>
      {view.candidates.map(candidate => (
        <label key={candidate.key} className={candidate.verdict === 'refused' ? 'refused' : undefined}>
          <input
            type="radio"
            name="candidate"
            checked={chosen === candidate.key}
            disabled={candidate.verdict === 'refused'}
            onChange={() => choose(candidate.key)}
          />
          <strong>{nameOf(candidate.key)}</strong>
          <span className={`pill-word ${candidate.verdict}`}>{t(`recover.verdict.${candidate.verdict}`)}</span>
          <span className="dim">{candidate.reasons.map(say).join(' · ')}</span>
        </label>
      ))}
    </fieldset>
  )
}
