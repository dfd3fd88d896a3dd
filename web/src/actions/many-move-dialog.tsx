import { Button, Loader, Modal, TextInput } from '@mantine/core'
import { IconBan, IconCheck, IconSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { sortTargets, takeOverAct } from '../drawing/overlay.ts'
import { useNameOf } from '../instance/names.ts'
import { live } from '../live/live.ts'
import { Failure } from '../ui/page-state.tsx'
import { useStore } from '../ui/store.ts'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'
import { closeDialog, openDialog } from './dialogs.ts'
import { planMoves, runMoves, type MoveWays, type PlannedMove } from './many-moves.ts'
import { PlanBody } from './plan-view.tsx'
import { failureText, tellSuccess } from './run.ts'

const ways: MoveWays = {
  plan: (instance, destination) => client.dryRun('relocate', { instance, destination }),
  run: (instance, destination, fingerprint) => client.runToEnd('relocate', { instance, destination }, fingerprint),
  failureText,
}

interface Props {
  readonly servers: readonly ServerView[]
  readonly destination: string | null
}

/** Several replicas below one other server: where to, then every plan, then one after another. */
export function ManyMoveDialog({ servers, destination }: Props) {
  return destination === null ? <Destination servers={servers} /> : <Plans key={destination} servers={servers} destination={destination} />
}

function Destination({ servers }: Pick<Props, 'servers'>) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const [query, setQuery] = useState('')
  const keys = servers.map(server => server.key)
  const targets = useQuery({ queryKey: ['targets', ...keys], queryFn: () => client.targets(keys), staleTime: 0, gcTime: 0 })
  const listed = sortTargets((targets.data ?? []).filter(target => target.act !== takeOverAct && !keys.includes(target.target))).filter(target =>
    `${target.target} ${nameOf(target.target)}`.toLowerCase().includes(query.trim().toLowerCase()),
  )
  return (
    <Modal opened onClose={closeDialog} size={600} centered title={t('many.moveTitle', { count: servers.length })} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p className="mono many-names">{keys.map(nameOf).join(', ')}</p>
        <p className="dim">{t('many.moveText')}</p>
        <TextInput
          data-autofocus
          aria-label={t('move.search')}
          placeholder={t('move.search')}
          leftSection={<IconSearch size={15} />}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
        />
        {targets.isPending ? <Loader size="xs" /> : null}
        {targets.isError ? <Failure error={targets.error} retry={() => void targets.refetch()} /> : null}
        {targets.isSuccess && listed.length === 0 ? <p className="dim">{t('move.noMatch')}</p> : null}
        <ul className="many-targets" aria-label={t('move.targets')}>
          {listed.map(target => {
            const isRefused = target.verdict === 'refused'
            return (
              <li key={target.target}>
                <button type="button" className="target-row" disabled={isRefused} onClick={() => openDialog({ kind: 'move-many', servers, destination: target.target })}>
                  {isRefused ? <IconBan size={16} aria-hidden /> : <IconCheck size={16} className="ink-ok" aria-hidden />}
                  <span className="target-name">{nameOf(target.target)}</span>
                  <span className="target-says">{isRefused ? say(target.says) : t('drag.moveMethod', { method: t(`method.${methodKey(target.method)}`) })}</span>
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </Modal>
  )
}

function Plans({ servers, destination }: { readonly servers: readonly ServerView[]; readonly destination: string }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const isLive = useStore(live, state => state.state === 'live' || state.state === 'polling')
  const [moves, setMoves] = useState<readonly PlannedMove[] | null>(null)
  const [stage, setStage] = useState<'shown' | 'running' | 'over'>('shown')
  useEffect(() => {
    let isGone = false
    void planMoves(servers.map(server => server.key), destination, ways).then(planned => (isGone ? undefined : setMoves(planned)))
    return () => {
      isGone = true
    }
    // The servers are those that were chosen when the dialog opened.
  }, [destination])
  const able = moves?.filter(move => move.plan !== null) ?? []
  const words = { destination: nameOf(destination) }
  const run = async (): Promise<void> => {
    setStage('running')
    const ended = await runMoves(moves ?? [], destination, setMoves, ways)
    setStage('over')
    const moved = ended.filter(move => move.state === 'moved').length
    if (moved === able.length) tellSuccess(t('many.allMoved', { count: moved, ...words }))
    await cache.invalidateQueries({ predicate: query => ['cluster', 'servers'].includes(String(query.queryKey[0])) })
  }
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={680}
      centered
      title={t('many.planTitle', { count: servers.length, ...words })}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <div className="dialog">
        {moves === null ? (
          <p className="row dim">
            <Loader size="xs" />
            {t('many.planning', { count: servers.length })}
          </p>
        ) : (
          <>
            <p className="dim">{able.length === 0 ? t('many.nobody') : t('many.planText')}</p>
            <ol className="many-moves">
              {moves.map(move => (
                <MoveLine key={move.server} move={move} />
              ))}
            </ol>
            {stage === 'over' && able.some(move => move.state !== 'moved') ? (
              <p className="notice critical" role="alert">
                {t('many.someMoved', { moved: able.filter(move => move.state === 'moved').length, all: servers.length, ...words })}
              </p>
            ) : null}
          </>
        )}
        {isLive ? null : <p className="ink-warning">{t('plan.offline')}</p>}
        <div className="dialog-foot">
          {stage === 'shown' ? (
            <Button variant="subtle" onClick={() => openDialog({ kind: 'move-many', servers, destination: null })}>
              {t('many.otherTarget')}
            </Button>
          ) : null}
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {stage === 'shown' ? t('state.cancel') : t('state.close')}
          </Button>
          {stage === 'over' || able.length === 0 ? null : (
            <Button loading={stage === 'running'} disabled={!isLive} onClick={() => void run()}>
              {t('many.run', { count: able.length })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

/** One of the moves: what will be done, how far it is, or why it stays. */
function MoveLine({ move }: { readonly move: PlannedMove }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const tone = move.state === 'moved' ? 'ok' : move.state === 'failed' ? 'critical' : move.plan === null ? 'warning' : null
  const state = move.plan === null ? t('many.cannot') : move.state === 'planned' ? t('many.steps', { count: move.plan.steps.length }) : t(`many.${move.state}`)
  return (
    <li>
      <div className="row">
        <strong className="mono">{nameOf(move.server)}</strong>
        <span className={tone === null ? 'dim' : `ink-${tone}`}>{state}</span>
      </div>
      {move.why === null ? null : <p className="dim">{typeof move.why === 'string' ? move.why : say(move.why)}</p>}
      {move.plan === null ? null : (
        <details>
          <summary>{say(move.plan.says)}</summary>
          <PlanBody plan={move.plan} operation={null} />
        </details>
      )}
    </li>
  )
}
