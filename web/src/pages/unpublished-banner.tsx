import { Button } from '@mantine/core'
import { IconSpeakerphone } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterRow } from '../../../src/contract/views.ts'
import { useMayAct } from '../actions/may-act.ts'
import { runNow } from '../actions/run.ts'
import { useNameOf } from '../instance/names.ts'
import { useStoryWords } from '../words/story-words.ts'
import { Banner } from './banner.tsx'
import { ClusterLink } from './cluster-link.tsx'

/** Places outside do not say who takes the writes: clients may go to a server that takes none. */
export function UnpublishedBanner({ cluster, withCluster = false }: { readonly cluster: ClusterRow; readonly withCluster?: boolean }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const whyNot = useMayAct()
  const nameOf = useNameOf()
  const words = useStoryWords()
  const [busy, setBusy] = useState(false)
  const { unpublished, primary } = cluster
  if (unpublished.length === 0) return null
  const again = async (): Promise<void> => {
    setBusy(true)
    await runNow(cache, 'submit-primaries', { cluster: cluster.name }, t('unpublished.done'))
    setBusy(false)
  }
  return (
    <Banner
      tone="critical"
      icon={<IconSpeakerphone size={20} />}
      isAlert
      acts={
        <Button size="xs" loading={busy} disabled={whyNot !== null} {...(whyNot === null ? {} : { title: whyNot })} onClick={() => void again()}>
          {t('unpublished.again')}
        </Button>
      }
    >
      {withCluster ? <ClusterLink row={cluster} className="strong" /> : null}
      {withCluster ? ' ' : null}
      <strong>{primary === null ? t('unpublished.nobody') : t('unpublished.primary', { server: nameOf(primary.key) })}</strong>
      <ul>
        {unpublished.map(({ place, text }) => (
          <li key={place}>
            {place}: {words.message(text)}
          </li>
        ))}
      </ul>
      {t('unpublished.behind')}
    </Banner>
  )
}
