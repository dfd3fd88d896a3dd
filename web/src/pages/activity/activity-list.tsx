import { Button, TextInput } from '@mantine/core'
import { IconDownload, IconListDetails } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoverySummary } from '../../../../src/contract/views.ts'
import { type AuditLine, client } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { failureText } from '../../actions/run.ts'
import { useNameOf } from '../../instance/names.ts'
import { csvOf, saveFile } from '../../ui/csv.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { fullTime } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { type ActivityFilter, auditQuery, isFiltered, whoAsked } from './activity-filter.ts'
import { auditKindWords } from '../../words/audit-kinds.ts'

const rowsOfPage = 50
/** Of one file; asked for in few pieces. */
const fileRowsMax = 5_000
const fileRowsAtOnce = 500
/** Old addresses count pages of 20. */
const formerPage = 20

/** What it is called in the language of the page, and the name by which the audit knows it. */
function Kind({ kind }: { readonly kind: string }) {
  const { i18n } = useTranslation()
  const words = auditKindWords(kind, i18n.language)
  if (words === null) return <span lang="en">{kind}</span>
  return (
    <>
      {words}
      <code className="sub">{kind}</code>
    </>
  )
}

/** What nobody put into the language of the page is marked as the English that it is. */
const Message = ({ text, words }: { readonly text: string; readonly words: string }) => (text === words ? <span lang="en">{text}</span> : words)

/** What was done, newest first and live; `fixed` is what the place itself looks for and nobody changes there. */
export function ActivityList({
  filter,
  setFilter,
  fixed = {},
  page = 0,
}: {
  readonly filter: ActivityFilter
  readonly setFilter: (change: { readonly [Key in keyof ActivityFilter]?: string | undefined }) => void
  readonly fixed?: ActivityFilter
  readonly page?: number
}) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const query = auditQuery({ ...filter, ...fixed })
  const entries = useInfiniteQuery({
    queryKey: ['audit', 'list', query, page],
    queryFn: ({ pageParam }) =>
      client.audit({ ...query, ...(pageParam !== null ? { before: String(pageParam), rows: String(rowsOfPage) } : page === 0 ? { rows: String(rowsOfPage) } : { page: String(page) }) }),
    initialPageParam: null as number | null,
    getNextPageParam: last => (last.length < (page === 0 ? rowsOfPage : formerPage) ? undefined : last.at(-1)?.id),
  })
  const { data: recoveries } = useQuery(queries.recoveries(0))
  const list = entries.data?.pages.flat() ?? []
  const field = (name: keyof ActivityFilter, label: string, width: number, type = 'text') =>
    name in fixed ? null : (
      <TextInput
        size="xs"
        w={width}
        type={type}
        label={label}
        value={filter[name] ?? ''}
        onChange={event => setFilter({ [name]: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        {...(name === 'q' ? { 'data-filter': true } : {})}
      />
    )
  return (
    <>
      <div className="activity-filters">
        {field('q', t('activity.message'), 150)}
        {field('kind', t('activity.what'), 120)}
        {field('who', t('activityList.who'), 90)}
        {field('server', t('activity.server'), 150)}
        {field('cluster', t('clusters.cluster'), 100)}
        {field('from', t('activityList.from'), 165, 'datetime-local')}
        {field('to', t('activityList.to'), 165, 'datetime-local')}
        {isFiltered(filter) ? (
          <Button size="xs" variant="subtle" onClick={() => setFilter({ q: undefined, kind: undefined, who: undefined, server: undefined, cluster: undefined, from: undefined, to: undefined })}>
            {t('state.clearFilter')}
          </Button>
        ) : null}
        <span className="grow" />
        <Export query={query} />
      </div>
      {entries.isPending ? <Loading /> : null}
      {entries.isError && entries.data === undefined ? <Failure error={entries.error} retry={() => void entries.refetch()} /> : null}
      {entries.data === undefined ? null : list.length === 0 ? (
        isFiltered(filter) ? (
          <Empty icon={<IconListDetails size={40} aria-hidden />} title={t('activityList.nothing')} />
        ) : (
          <Empty icon={<IconListDetails size={40} aria-hidden />} title={page === 0 ? t('activity.none') : t('activity.noOlder')} text={t('activity.noneText')} />
        )
      ) : (
        <>
          <div className="table-scroll">
            <table className="table compact as-cards">
              <thead>
                <tr>
                  <th scope="col">{t('activity.time')}</th>
                  <th scope="col">{t('activityList.who')}</th>
                  <th scope="col">{t('activity.what')}</th>
                  <th scope="col">{t('activity.server')}</th>
                  <th scope="col">{t('activity.message')}</th>
                  <th scope="col">{t('activityList.belongs')}</th>
                </tr>
              </thead>
              <tbody>
                {list.map(entry => (
                  <tr key={entry.id}>
                    <td className="mono nowrap" data-label={t('activity.time')}>
                      {fullTime(entry.at)}
                    </td>
                    <td data-label={t('activityList.who')}>{whoAsked(entry.message) ?? <span className="dim">{t('activityList.nobodyNamed')}</span>}</td>
                    <th scope="row">
                      <Kind kind={entry.kind} />
                    </th>
                    <td className="mono" data-label={t('activity.server')}>
                      {entry.server === null ? null : <ServerLink server={entry.server} />}
                    </td>
                    <td className="wraps" data-label={t('activity.message')}>
                      <Message text={entry.message} words={words.message(entry.message)} />
                    </td>
                    <td data-label={t('activityList.belongs')}>
                      <Belongs entry={entry} recoveries={recoveries ?? []} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="pager">
            <span className="dim" role="status">
              {t('activityList.shown', { count: list.length })}
            </span>
            {entries.hasNextPage ? (
              <Button size="xs" variant="default" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
                {t('activityList.older')}
              </Button>
            ) : (
              <span className="dim">{t('activity.noOlder')}</span>
            )}
          </div>
        </>
      )}
    </>
  )
}

/** All that meets the filter as a file, up to a bound that is told. */
function Export({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const { t } = useTranslation()
  const [says, setSays] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async (): Promise<void> => {
    setBusy(true)
    setSays(null)
    try {
      const lines: AuditLine[] = []
      for (let last: AuditLine | undefined; lines.length < fileRowsMax; last = lines.at(-1)) {
        const more = await client.audit({ ...query, rows: String(fileRowsAtOnce), ...(last === undefined ? {} : { before: String(last.id) }) })
        lines.push(...more)
        if (more.length < fileRowsAtOnce) break
      }
      const head = ['id', 'time', 'who', 'kind', 'server', 'cluster', 'message']
      const rows = lines.map(({ id, at, kind, server, clusterName, message }) => [id, new Date(at).toISOString(), whoAsked(message), kind, server, clusterName, message])
      saveFile('orchestrator-activity.csv', csvOf([head, ...rows]))
      setSays(lines.length >= fileRowsMax ? t('activityList.cut', { count: lines.length }) : null)
    } catch (error) {
      setSays(failureText(error))
    }
    setBusy(false)
  }
  return (
    <>
      {says === null ? null : (
        <span className="ink-warning" role="status">
          {says}
        </span>
      )}
      <Button size="xs" variant="default" leftSection={<IconDownload size={15} />} loading={busy} onClick={() => void save()}>
        {t('activityList.csv')}
      </Button>
    </>
  )
}

const margin = 1_500

/** The recovery during which it was done to one of its servers. */
function Belongs({ entry, recoveries }: { readonly entry: AuditLine; readonly recoveries: readonly RecoverySummary[] }) {
  const { t } = useTranslation()
  const during = recoveries.find(
    ({ startedAt, endedAt, failed, successor, clusterName }) =>
      entry.at >= startedAt - margin && entry.at <= (endedAt ?? Date.now()) + margin && (entry.server === failed || entry.server === successor || entry.clusterName === clusterName),
  )
  return during === undefined ? null : (
    <Link to="/audit-recovery/uid/$uid" params={{ uid: during.uid }} className="nowrap">
      {t('activityList.recovery', { id: during.id })}
    </Link>
  )
}

/** To what else was done on that server. */
function ServerLink({ server }: { readonly server: string }) {
  const nameOf = useNameOf()
  const colon = server.lastIndexOf(':')
  return (
    <Link to="/audit/instance/$host/$port" params={{ host: server.slice(0, colon), port: server.slice(colon + 1) }}>
      {nameOf(server)}
    </Link>
  )
}
