import { ActionIcon, Button, Loader, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reason } from '../../../../src/kit/reason.ts'
import { client } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { StatusIcon } from '../../instance/status-mark.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { useSay } from '../../words/say.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { clusterTitle } from '../cluster-name.ts'
import { explain, reasonOf } from './explain.ts'
import { parseServers } from './parse-servers.ts'

type State = { readonly kind: 'asking' } | { readonly kind: 'found'; readonly key: string } | { readonly kind: 'failed'; readonly reason: Reason }

/** One named server: being asked, found (with everything found from it, live), or why not and what to do. */
export function DiscoveryLine({ text, remove }: { readonly text: string; readonly remove: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [address, setAddress] = useState(text)
  const [asked, setAsked] = useState({ text, round: 0 })
  const [state, setState] = useState<State>({ kind: 'asking' })

  useEffect(() => {
    let isOver = false
    const key = parseServers(asked.text)[0]?.key ?? null
    if (key === null) {
      setState({ kind: 'failed', reason: { code: 'malformed', parameters: {}, text: t('discover.malformed') } })
      return
    }
    setState({ kind: 'asking' })
    client.run('discover', { instance: key }).then(
      async answer => {
        if (isOver) return
        if (answer.state === 'refused') setState({ kind: 'failed', reason: answer.refused })
        else {
          setState({ kind: 'found', key: foundKey(answer) ?? key })
          await cache.invalidateQueries({ queryKey: ['fleet'] })
        }
      },
      (error: unknown) => {
        if (!isOver) setState({ kind: 'failed', reason: reasonOf(error) })
      },
    )
    return () => {
      isOver = true
    }
    // The words may change with the language while a server is asked; that is no reason to ask again.
  }, [asked, cache])

  const retry = (): void => setAsked({ text: address, round: asked.round + 1 })
  return (
    <li className={`discovery-line is-${state.kind}`}>
      {state.kind === 'asking' ? (
        <Loader size={18} aria-label={t('discover.asking')} />
      ) : state.kind === 'found' ? (
        <span className="ink-ok" aria-hidden>
          <IconCircleCheck size={20} />
        </span>
      ) : (
        <span className="ink-critical" aria-hidden>
          <IconCircleX size={20} />
        </span>
      )}
      <div className="discovery-body">
        {state.kind === 'failed' ? (
          <form
            className="row"
            onSubmit={event => {
              event.preventDefault()
              retry()
            }}
          >
            <TextInput
              size="xs"
              aria-label={t('discover.edit')}
              value={address}
              onChange={event => setAddress(event.currentTarget.value)}
              className="address"
              spellCheck={false}
            />
            <Button size="xs" type="submit" variant="default">
              {t('discover.retry')}
            </Button>
          </form>
        ) : (
          <strong className="mono">{asked.text}</strong>
        )}
        {state.kind === 'asking' ? <span className="dim">{t('discover.asking')}</span> : null}
        {state.kind === 'failed' ? <Explained reason={state.reason} /> : null}
        {state.kind === 'found' ? <Found server={state.key} /> : null}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t('discover.remove')} title={t('discover.remove')} onClick={remove}>
        <IconX size={16} />
      </ActionIcon>
    </li>
  )
}

/** The server's own key where the answer names it: a name may stand for another one. */
function foundKey(answer: { readonly state: string; readonly output?: unknown }): string | null {
  const { output } = answer
  return typeof output === 'object' && output !== null && 'key' in output && typeof output.key === 'string' ? output.key : null
}

function Explained({ reason }: { readonly reason: Reason }) {
  const { t } = useTranslation()
  const say = useSay()
  const { explanation, grant } = explain(reason)
  return (
    <div className="explained" role="alert">
      <span className="ink-critical">{say(reason)}</span>
      {explanation === null ? null : <span className="dim">{t(`discover.explain.${explanation}`)}</span>}
      {grant === null ? null : (
        <div className="row wrap">
          <span className="dim">{t('discover.grant')}</span>
          <code>{grant}</code>
          <CopyButton text={grant} label={t('state.copy')} />
        </div>
      )}
    </div>
  )
}

/** The cluster that was found from it, filling up as the other servers answer. */
function Found({ server }: { readonly server: string }) {
  const { t } = useTranslation()
  const { data: cluster, refetch, isError } = useQuery({ ...queries.cluster(server), retry: 5 })
  const members = cluster?.members ?? []
  useEffect(() => {
    // Servers come in one after the other for a while; the stream tells them, and a few looks cover a stream that is away.
    const timers = [1_000, 2_500, 5_000, 10_000].map(wait => setTimeout(() => void refetch(), wait))
    return () => timers.forEach(clearTimeout)
  }, [refetch])
  if (cluster === undefined) return isError ? null : <span className="dim">{t('discover.asking')}</span>
  const own = members.find(member => member.key === server)
  return (
    <>
      {own === undefined ? null : (
        <span>
          {t('discover.found', { version: `${own.flavour} ${own.version}`.trim(), role: t(`role.${own.role}`) })} ·{' '}
          {t('discover.more', { count: Math.max(0, members.length - 1) })}
        </span>
      )}
      <ul className="found-servers">
        {members.map(member => {
          const worst = member.statuses[0]
          return (
            <li key={member.key} className="chip">
              {worst === undefined ? null : <StatusIcon code={worst.code} severity={worst.severity} size={13} />}
              <span className="mono">{member.key}</span>
            </li>
          )
        })}
      </ul>
      <span className="row">
        <strong>{t('discover.foundServers', { cluster: clusterTitle(cluster), count: members.length })}</strong>
        <ClusterLink row={cluster} className="button-link">
          {t('discover.open')}
        </ClusterLink>
      </span>
    </>
  )
}
