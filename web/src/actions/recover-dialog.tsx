import { Button, Checkbox, Loader, Modal, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoveryDryRunView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { client, type OperationInput } from '../api/client.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { Candidates, StagesAndLosses } from './foreseen.tsx'
import { HookLists } from './hook-lists.tsx'
import { runNow } from './run.ts'
import { useWhy, whyMax } from './use-why.tsx'

interface Props {
  /** The failed server; or, forced, the primary that is to be replaced whether it lives or not. */
  readonly server: string
  readonly isForced: boolean
  readonly clusterName: string
  readonly clusterAlias: string
}

/** What the server foresees, asked anew for every choice that it depends on; a refusal comes as a view that says so. */
function useForeseen(server: string, clusterName: string, isForced: boolean, designated: string | null): UseQueryResult<Foreseen> {
  return useQuery({
    queryKey: ['recovery-dry-run', server, isForced ? 'forced' : 'asked', designated],
    queryFn: async (): Promise<Foreseen> => {
      if (!isForced) return { view: await client.recoveryDryRun(server) }
      const answer = await client.dryRun(...forcedOperation(clusterName, designated))
      if (answer.state === 'recovery') return { view: answer.recovery }
      return { refused: answer.state === 'refused' ? answer.refused : null }
    },
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
}

/** The server's refusal where a durability policy cannot be shown to be kept. */
const promiseCannotBeKept = 'durability-refused'
type Foreseen = { readonly view: RecoveryDryRunView } | { readonly refused: Reason | null }

const forcedOperation = (cluster: string, designated: string | null): readonly [operation: string, input: OperationInput] =>
  designated === null ? ['force-failover', { cluster }] : ['force-takeover', { cluster, designated }]

/**
 * What a recovery would do now: candidates with reasons, stages, losses, commands.
 * One button when the server is confirmed dead, a typed word when it may live.
 */
export function RecoverDialog({ server, clusterName, clusterAlias, isForced }: Props) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const cluster = clusterAlias || clusterName
  const [chosen, setChosen] = useState<string | null>(null)
  const dryRun = useForeseen(server, clusterName, isForced, isForced ? chosen : null)
  const [typed, setTyped] = useState('')
  const [withoutHooks, setWithoutHooks] = useState(false)
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const view = dryRun.data !== undefined && 'view' in dryRun.data ? dryRun.data.view : undefined
  const refused = dryRun.data !== undefined && 'refused' in dryRun.data ? dryRun.data.refused : (view?.refusal ?? null)
  /** The promise of the cluster cannot be shown to be kept: a person may give it up, with a reason that is audited. */
  const isPromise = view?.refusal?.code === promiseCannotBeKept
  const canRun = view !== undefined && (view.refusal === null || isPromise)
  /** Whoever forces says so by typing; so does whoever recovers a server that may live, or gives up a promise. */
  const mustType = isForced || isPromise || view?.isConfirmedDead !== true
  // Where the promise is given up its own reason is asked for.
  const audited = useWhy(mustType && canRun && !isPromise)
  const best = view?.candidates.find(candidate => candidate.verdict === 'best')?.key ?? null
  const successor = chosen ?? best

  const run = async (): Promise<void> => {
    setBusy(true)
    const [operation, input] = isForced
      ? forcedOperation(clusterName, chosen)
      : ([withoutHooks ? 'recover-lite' : 'recover', { instance: server, ...(chosen === null || chosen === best ? {} : { candidate: chosen }) }] as const)
    const sent = runNow(cache, operation, isPromise ? { ...input, reason: why.trim() } : input, t('done.sent'), false, audited.why)
    closeDialog()
    if (await sent) void navigate({ to: '/cluster/$name', params: { name: cluster } })
    setBusy(false)
  }

  return (
    <Modal opened onClose={closeDialog} size={720} centered title={isForced ? t('recover.forcedTitle', { cluster }) : t('recover.title', { cluster })} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        {dryRun.isPending ? (
          <p className="row dim">
            <Loader size="xs" />
            {t('recover.loading')}
          </p>
        ) : null}
        {dryRun.isError ? <Failure error={dryRun.error} retry={() => void dryRun.refetch()} /> : null}
        {refused === null ? null : (
          <div className="notice critical" role="alert">
            <IconCircleX size={20} aria-hidden />
            <div className="notice-body">
              <strong>{isPromise ? t('recover.promiseRefused') : t('recover.refused')}</strong>
              <span>{say(refused)}</span>
            </div>
          </div>
        )}
        {view === undefined ? null : (
          <>
            {isForced ? (
              <div className="notice warning">
                <IconAlertTriangle size={20} aria-hidden />
                <div className="notice-body">
                  <span>{t('recover.forcedText', { server: nameOf(server) })}</span>
                </div>
              </div>
            ) : (
              <Certainty view={view} />
            )}
            {view.warnings.map(warning => (
              <div key={warning.text} className="notice warning">
                <IconAlertTriangle size={20} aria-hidden />
                <div className="notice-body">
                  <span>{say(warning)}</span>
                </div>
              </div>
            ))}
            <Candidates view={view} chosen={successor} choose={setChosen} />
            <StagesAndLosses view={view} />
            {withoutHooks ? null : <HookLists hooks={view.hooks} />}
            {!canRun || isForced ? null : (
              <Checkbox label={t('recover.withoutHooks')} checked={withoutHooks} onChange={event => setWithoutHooks(event.currentTarget.checked)} />
            )}
            {!isPromise ? null : (
              <TextInput
                label={t('recover.why')}
                description={t('recover.whyText')}
                value={why}
                onChange={event => setWhy(event.currentTarget.value)}
                autoComplete="off"
                maxLength={whyMax}
                required
              />
            )}
            {audited.field}
            {!mustType || !canRun ? null : (
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
          {canRun ? (
            <Button color="red" loading={busy} disabled={(mustType && typed.trim() !== cluster) || (isPromise && why.trim() === '') || !audited.isGiven} onClick={() => void run()}>
              {successor === null ? t('plan.runRecoverAny') : isForced ? t('plan.runForced', { server: nameOf(successor) }) : t('plan.runRecover', { server: nameOf(successor) })}
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
