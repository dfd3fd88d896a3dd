import { useReactFlow } from '@xyflow/react'
import { ActionIcon, Popover } from '@mantine/core'
import { IconFocus2, IconHelpCircle, IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import type { Colours } from '../../drawing/colours.ts'
import { later } from '../../ui/later.tsx'

const Legend = later(() => import('../../tree/legend.tsx').then(part => part.Legend))

/** Nearer, farther, everything, back to the primary, and what the signs mean. */
export function ViewButtons({ cluster, colours }: { readonly cluster: ClusterView; readonly colours: Colours }) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  const glide = { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250 }
  const button = { variant: 'default', size: 28 } as const
  const toPrimary = (): void => {
    if (cluster.primary !== null) void flow.fitView({ nodes: [{ id: cluster.primary.key }], maxZoom: 1, minZoom: 0.9, ...glide })
  }
  return (
    <div className="row tight">
      <ActionIcon {...button} aria-label={t('cluster.zoomOut')} title={t('cluster.zoomOut')} onClick={() => void flow.zoomOut(glide)}>
        <IconMinus size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.zoomIn')} title={t('cluster.zoomIn')} onClick={() => void flow.zoomIn(glide)}>
        <IconPlus size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.fit')} title={t('cluster.fit')} onClick={() => void flow.fitView({ padding: 0.05, maxZoom: 1, ...glide })}>
        <IconMaximize size={15} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={t('cluster.toPrimary')} title={t('cluster.toPrimary')} onClick={toPrimary}>
        <IconFocus2 size={15} />
      </ActionIcon>
      <Popover width={380} position="bottom-end" withinPortal shadow="md" trapFocus>
        <Popover.Target>
          <ActionIcon {...button} aria-label={t('cluster.legend')} title={t('cluster.legend')}>
            <IconHelpCircle size={15} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('cluster.legend')}>
          <Legend cluster={cluster} colours={colours} />
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
