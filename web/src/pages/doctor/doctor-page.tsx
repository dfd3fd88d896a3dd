import { Button, Loader, Select } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import type { DoctorSearch } from '../../router.tsx'
import { Failure } from '../../ui/page-state.tsx'
import { clusterTitle } from '../cluster-name.ts'
import { useTitle } from '../title.ts'
import { DoctorReportView } from './doctor-report.tsx'

const configuration = 'configuration'
const fleet = 'all'
const clusterPrefix = 'cluster '
const serverPrefix = 'server '

/** What is set so that it will go wrong one day: of a server, a cluster, everything, or the configuration. The address says of what. */
export function DoctorPage() {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const navigate = useNavigate()
  const search: DoctorSearch = useSearch({ strict: false })
  const clusters = useQuery(queries.fleet)
  const input = { ...(search.server === undefined ? {} : { instance: search.server }), ...(search.cluster === undefined ? {} : { cluster: search.cluster }), ...(search.all === true ? { all: true } : {}) }
  const report = useQuery({
    queryKey: ['doctor', input],
    queryFn: () => client.doctor(input),
    // Nobody reads a report that changes under the eyes; it is made anew when asked for.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const subject =
    search.server !== undefined ? `${serverPrefix}${search.server}` : search.cluster !== undefined ? `${clusterPrefix}${search.cluster}` : search.all === true ? fleet : configuration
  const name =
    search.server !== undefined
      ? t('doctor.serverOf', { name: nameOf(search.server) })
      : search.cluster !== undefined
        ? t('doctor.clusterOf', { name: search.cluster })
        : search.all === true
          ? t('doctor.fleet')
          : t('doctor.configuration')
  useTitle(name, t('doctor.title'))
  const go = (value: string): void => {
    const to: DoctorSearch = value.startsWith(clusterPrefix)
      ? { cluster: value.slice(clusterPrefix.length) }
      : value.startsWith(serverPrefix)
        ? { server: value.slice(serverPrefix.length) }
        : value === fleet
          ? { all: true }
          : {}
    void navigate({ to: '/doctor', search: to })
  }
  const known = (clusters.data?.clusters ?? []).map(row => ({ value: `${clusterPrefix}${row.alias || row.name}`, label: t('doctor.clusterOf', { name: clusterTitle(row) }) }))
  const subjects = [{ value: configuration, label: t('doctor.configuration') }, { value: fleet, label: t('doctor.fleet') }, ...known]
  const choices = subjects.some(({ value }) => value === subject) ? subjects : [{ value: subject, label: name }, ...subjects]
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('doctor.of', { name })}</h1>
        <span className="grow" />
        <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} disabled={report.isFetching} onClick={() => void report.refetch()}>
          {t('doctor.again')}
        </Button>
      </div>
      <p className="dim">{t('doctor.text')}</p>
      <Select
        label={t('doctor.subject')}
        description={t('doctor.pick')}
        maw={520}
        searchable
        limit={100}
        data={choices}
        value={subject}
        onChange={value => {
          if (value !== null) go(value)
        }}
        allowDeselect={false}
      />
      {report.isFetching ? (
        <p className="row dim" role="status">
          <Loader size="xs" />
          {t('doctor.examining')}
        </p>
      ) : report.isError ? (
        <Failure error={report.error} retry={() => void report.refetch()} />
      ) : report.data === undefined ? null : (
        <DoctorReportView report={report.data} />
      )}
    </div>
  )
}
