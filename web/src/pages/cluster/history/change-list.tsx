import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PastChangesView } from '../../../../../src/contract/history.ts'
import { queries } from '../../../api/queries.ts'
import { useNameOf } from '../../../instance/names.ts'
import { Failure, Loading } from '../../../ui/page-state.tsx'
import { clock, fullTime } from '../../../words/format.ts'
import { named, pastMembers } from './past-members.ts'
import { serversWords, sidesOf } from './change-words.ts'

const hour = 3_600_000

/** What changed up to the moment that is shown: in the hour before it, or since another moment. */
export function ChangeList({
  cluster,
  at,
  oldest,
  compared,
  show,
  compare,
}: {
  readonly cluster: string
  readonly at: number
  readonly oldest: number
  readonly compared: number | null
  readonly show: (at: number) => void
  readonly compare: (from: number | null) => void
}) {
  const { t } = useTranslation()
  const [isDifference, setDifference] = useState(false)
  const [from, to] = compared === null ? [Math.min(at, Math.max(oldest, at - hour)), at] : [Math.min(at, compared), Math.max(at, compared)]
  const changes = useQuery({ ...queries.pastChanges(cluster, from, to), placeholderData: before => before })
  const aliases = changes.data?.aliases
  useLayoutEffect(() => {
    if (aliases !== undefined) pastMembers.set(state => ({ ...state, mentioned: named(aliases) }))
  }, [aliases])
  return (
    <section className="past-changes" aria-label={t('past.changes')}>
      <div className="past-changes-head">
        <h2>{t('past.changes')}</h2>
        <span className="dim" role="status">
          {compared === null ? t('past.changesBefore', { to: clock(to) }) : t('past.changesBetween', { from: clock(from), to: clock(to) })}
        </span>
        <span className="grow" />
        <div className="segmented" role="group" aria-label={t('past.changes')}>
          <button type="button" aria-pressed={!isDifference} onClick={() => setDifference(false)}>
            {t('past.each')}
          </button>
          <button type="button" aria-pressed={isDifference} onClick={() => setDifference(true)}>
            {t('past.difference')}
          </button>
        </div>
        {compared === null ? (
          <Button size="xs" variant="default" onClick={() => compare(at)}>
            {t('past.compareHere')}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => compare(null)}>
            {t('past.compareStop')}
          </Button>
        )}
      </div>
      {changes.isPending ? <Loading lines={3} /> : null}
      {changes.isError && changes.data === undefined ? <Failure error={changes.error} retry={() => void changes.refetch()} /> : null}
      {changes.data === undefined ? null : <Changes view={changes.data} isDifference={isDifference} show={show} />}
    </section>
  )
}

function Changes({ view, isDifference, show }: { readonly view: PastChangesView; readonly isDifference: boolean; readonly show: (at: number) => void }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  // The newest first: what is shown above is the end of it.
  const lines = isDifference ? view.difference.map(change => ({ ...change, isUnseen: false })) : view.changes.toReversed()
  if (lines.length === 0) return <p className="dim">{t('past.noChanges')}</p>
  return (
    <>
      {view.isCut && !isDifference ? <p className="dim">{t('past.cut')}</p> : null}
      <table className="table past-table">
        <thead>
          <tr>
            {isDifference ? null : <th>{t('past.when')}</th>}
            <th>{t('past.servers')}</th>
            <th>{t('past.what')}</th>
            <th>{t('past.before')}</th>
            <th>{t('past.after')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((change, index) => {
            const { before, after } = sidesOf(change, nameOf, t)
            return (
              <tr key={`${change.at} ${change.kind} ${change.servers[0]} ${index}`}>
                {isDifference ? null : (
                  <td className="past-when">
                    <button type="button" className="link-button" title={t('past.showMoment', { time: fullTime(change.at) })} onClick={() => show(change.at)}>
                      {clock(change.at)}
                    </button>
                    {change.isUnseen ? (
                      <span className="dim" title={t('past.unseenTitle')}>
                        {' '}
                        {t('past.unseen')}
                      </span>
                    ) : null}
                  </td>
                )}
                <td className="mono past-servers" title={change.servers.join('\n')}>
                  {serversWords(change, nameOf, t)}
                </td>
                <td>{t(`past.kind.${change.kind}`)}</td>
                <td className="past-before" data-label={t('past.before')}>{before}</td>
                <td className="past-after" data-label={t('past.after')}>{after}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </>
  )
}
