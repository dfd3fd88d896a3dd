import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { Empty } from '../../ui/page-state.tsx'
import { ClusterLink } from '../cluster-link.tsx'
import { nearestNames } from './nearest-names.ts'

const suggestedMax = 5

export function ClusterNotFound({ hint }: { readonly hint: string }) {
  const { t } = useTranslation()
  const fleet = useQuery(queries.fleet)
  const rows = nearestNames(hint, fleet.data?.clusters ?? [], row => [row.alias, row.name]).slice(0, suggestedMax)
  return (
    <div className="page">
      <Empty icon={<IconMapQuestion size={40} aria-hidden />} title={t('state.clusterNotFound', { name: hint })} text={t('state.clusterNotFoundText')}>
        <Button component={Link} to="/clusters" variant="default">
          {t('state.backToClusters')}
        </Button>
      </Empty>
      {rows.length === 0 ? null : (
        <p className="suggestions">
          {t('state.nearest')}:{' '}
          {rows.map(row => (
            <ClusterLink key={row.name} row={row} className="button-link" />
          ))}
        </p>
      )}
    </div>
  )
}
