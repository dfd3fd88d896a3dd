import { Button, Loader, Modal } from '@mantine/core'
import { IconCircleX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RecoveryDryRunView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { Candidates, StagesAndLosses } from './foreseen.tsx'
import { HookLists } from './hook-lists.tsx'

/** What would be done if a server died now, or each server of a cluster that others follow; nothing can be run from here. */
export function WhatIfDialog({ about }: { readonly about: { readonly instance: string } | { readonly cluster: string } }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const name = 'instance' in about ? nameOf(about.instance) : about.cluster
  const foreseen = useQuery({ queryKey: ['what-if', about], queryFn: () => client.whatIf(about), staleTime: 0, gcTime: 0, retry: false })
  const servers = foreseen.data?.servers ?? []
  return (
    <Modal opened onClose={closeDialog} size={720} centered title={t('whatIf.title', { name })} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        <p className="dim">{t('whatIf.text')}</p>
        {foreseen.isPending ? (
          <p className="row dim" role="status">
            <Loader size="xs" />
            {t('recover.loading')}
          </p>
        ) : null}
        {foreseen.isError ? <Failure error={foreseen.error} retry={() => void foreseen.refetch()} /> : null}
        {foreseen.data !== undefined && servers.length === 0 ? <p>{t('whatIf.nobody')}</p> : null}
        {servers.length === 1 && servers[0] !== undefined ? <One view={servers[0]} /> : servers.map(view => <Folded key={view.server} view={view} />)}
        <div className="dialog-foot">
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.close')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

/** Who would take its place, or why nobody, in one sentence. */
function useVerdict(view: RecoveryDryRunView): string {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  if (view.refusal !== null) return t('whatIf.nothing', { why: say(view.refusal) })
  return view.successor === null ? t('whatIf.noSuccessor') : t('whatIf.successor', { server: nameOf(view.successor) })
}

function Folded({ view }: { readonly view: RecoveryDryRunView }) {
  const nameOf = useNameOf()
  const verdict = useVerdict(view)
  return (
    <details className="what-if">
      <summary>
        <strong>{nameOf(view.server)}</strong> {verdict}
      </summary>
      <One view={view} />
    </details>
  )
}

function One({ view }: { readonly view: RecoveryDryRunView }) {
  const { t } = useTranslation()
  const verdict = useVerdict(view)
  return (
    <div className="dialog">
      {view.refusal === null ? (
        <p>
          <strong>{verdict}</strong> <span className="dim">{view.code}</span>
        </p>
      ) : (
        <div className="notice warning">
          <IconCircleX size={20} aria-hidden />
          <div className="notice-body">
            <span>{verdict}</span>
          </div>
        </div>
      )}
      {view.candidates.length === 0 ? null : <Candidates view={view} chosen={view.successor} choose={null} />}
      <StagesAndLosses view={view} />
      {view.hooks.length === 0 ? <p className="dim">{t('recover.noHooks')}</p> : <HookLists hooks={view.hooks} />}
    </div>
  )
}
