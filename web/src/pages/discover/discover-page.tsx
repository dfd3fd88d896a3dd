import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { useTitle } from '../title.ts'
import { AccountStatements } from './account-statements-box.tsx'
import { DiscoveryLine } from './discovery-line.tsx'
import { parseServers } from './parse-servers.ts'

interface Line {
  readonly id: number
  readonly text: string
}

/** Names servers, watches each being found, explains each that is not. On the first run it also says how to prepare. */
export function DiscoverPage() {
  const { t } = useTranslation()
  const fleet = useQuery(queries.fleet)
  const me = useQuery(queries.me)
  const whyNot = useMayAct()
  const [text, setText] = useState('')
  const [lines, setLines] = useState<readonly Line[]>([])
  const [isMissing, setIsMissing] = useState(false)
  const [wasEmpty, setWasEmpty] = useState<boolean | null>(null)
  useTitle(t('discover.title'))
  const isFirstRun = wasEmpty ?? fleet.data?.clusters.length === 0

  const discover = (): void => {
    const named = parseServers(text)
    setIsMissing(named.length === 0)
    if (named.length === 0) return
    // The first-run steps stay while the first servers come in.
    setWasEmpty(isFirstRun)
    const next = (lines.at(-1)?.id ?? 0) + 1
    const fresh = named.map((server, index) => ({ id: next + index, text: server.text }))
    setLines(before => [...before.filter(line => !fresh.some(each => each.text === line.text)), ...fresh])
    setText('')
  }

  if (me.data !== undefined && !me.data.mayWrite) {
    return (
      <div className="page narrow">
        <div className="page-head">
          <h1>{t('discover.title')}</h1>
        </div>
        <p>{t('discover.reader')}</p>
      </div>
    )
  }
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{t('discover.title')}</h1>
      </div>
      {isFirstRun ? <p className="lead">{t('discover.welcome')}</p> : null}
      <ol className={isFirstRun ? 'first-steps' : 'first-steps plain'}>
        {isFirstRun ? (
          <li>
            <h2>{t('discover.account')}</h2>
            <p className="dim">{t('discover.accountText')}</p>
            <AccountStatements />
          </li>
        ) : null}
        <li>
          <h2>{t('discover.name')}</h2>
          <form
            onSubmit={event => {
              event.preventDefault()
              discover()
            }}
            className="discover-form"
          >
            <Textarea
              label={t('discover.servers')}
              description={t('discover.nameText')}
              placeholder={'db140.example:3306\ndb201'}
              autosize
              minRows={2}
              maxRows={8}
              value={text}
              spellCheck={false}
              onChange={event => setText(event.currentTarget.value)}
              error={isMissing && text.trim() === '' ? t('discover.nothing') : null}
              onKeyDown={event => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) discover()
              }}
            />
            <Button type="submit" disabled={whyNot !== null}>
              {t('discover.button')}
            </Button>
          </form>
        </li>
        {lines.length === 0 ? null : (
          <li>
            <h2>{t('discover.watch')}</h2>
            <ul className="discovery-lines" aria-live="polite">
              {lines.map(line => (
                <DiscoveryLine key={line.id} text={line.text} remove={() => setLines(before => before.filter(each => each.id !== line.id))} />
              ))}
            </ul>
          </li>
        )}
      </ol>
    </div>
  )
}
