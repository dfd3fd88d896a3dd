import { IconServerOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { RequestFailure } from '../../api/request.ts'
import { Empty, Failure } from '../../ui/page-state.tsx'

/** Why nothing of agents can be shown. */
export function NotServed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useTranslation()
  if (error instanceof RequestFailure && error.reason?.code === 'agents-not-served')
    return <Empty icon={<IconServerOff size={40} aria-hidden />} title={t('agents.off')} text={t('agents.offText')} />
  return <Failure error={error} retry={retry} />
}
