import { Loader, Modal, TextInput } from '@mantine/core'
import { IconBan, IconCheck, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { sortTargets, takeOverAct } from '../drawing/overlay.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'
import { closeDialog, openDialog } from './dialogs.ts'
import { ManyPlans } from './many-plans.tsx'
import { failureText } from './run.ts'

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
  const words = { destination: useNameOf()(destination) }
  return (
    <ManyPlans
      items={servers.map(({ key }) => ({ server: key, whyNot: null }))}
      ways={{
        plan: instance => client.dryRun('relocate', { instance, destination }),
        run: (instance, fingerprint) => client.runToEnd('relocate', { instance, destination }, fingerprint),
        failureText,
      }}
      words={{
        title: t('many.planTitle', { count: servers.length, ...words }),
        planning: t('many.planning', { count: servers.length }),
        text: t('many.planText'),
        nobody: t('many.nobody'),
        run: count => t('many.run', { count }),
        allDone: count => t('many.allMoved', { count, ...words }),
        someDone: moved => t('many.someMoved', { moved, all: servers.length, ...words }),
        state: { moving: t('many.moving'), moved: t('many.moved'), cannot: t('many.cannot') },
      }}
      back={() => openDialog({ kind: 'move-many', servers, destination: null })}
    />
  )
}
