import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'

const followMilliseconds = 2000

/** The end of the error log of a host's MySQL. Followed, its agent is asked every two seconds, and the last line stays in sight. */
export function ErrorLog({ host, lines }: { readonly host: string; readonly lines: readonly string[] | null }) {
  const { t } = useTranslation()
  const [follows, setFollows] = useState(false)
  useQuery({ ...queries.agent(host), refetchInterval: followMilliseconds, enabled: follows })
  const log = useRef<HTMLPreElement>(null)
  const text = lines?.join('\n') ?? ''
  useEffect(() => {
    if (follows && log.current !== null) log.current.scrollTop = log.current.scrollHeight
  }, [follows, text])
  return (
    <section>
      <div className="row spread">
        <h2>{t('agents.log')}</h2>
        <Switch size="xs" label={t('seeding.follow')} checked={follows} onChange={event => setFollows(event.currentTarget.checked)} />
      </div>
      {lines === null ? (
        <p className="ink-warning">{t('agents.noAnswer')}</p>
      ) : lines.length === 0 ? (
        <p className="dim">{t('agents.noLog')}</p>
      ) : (
        <pre ref={log} className="log-tail" tabIndex={0} aria-label={t('agents.log')} role="region">
          {text}
        </pre>
      )}
    </section>
  )
}
