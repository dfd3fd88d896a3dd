import { Button, Menu } from '@mantine/core'
import { IconArrowBigUpLine, IconBolt, IconBroadcast, IconChevronDown, IconLink, IconSpy, IconStethoscope, IconTag, IconTrash, IconWorldPin, IconZoomQuestion } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { hideNames, isAnonymous } from '../anonymous/anonymous.ts'
import { copyText } from '../ui/copy.tsx'
import { clusterActs, type ClusterAct, type ClusterActName } from './acts/cluster.ts'
import { openDialog } from './dialogs.ts'
import { useMayAct } from './may-act.ts'
import { runNow } from './run.ts'

const icons: Readonly<Record<ClusterActName, ComponentType<{ readonly size?: number }>>> = {
  takeover: IconArrowBigUpLine,
  whatIf: IconZoomQuestion,
  force: IconBolt,
  publish: IconBroadcast,
  alias: IconTag,
  noteDomain: IconWorldPin,
  doctor: IconStethoscope,
  forget: IconTrash,
}

/** The menu of what can be done with a whole cluster. */
export function ClusterMenu({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" width={270} withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={15} />}>
          {t('cluster.actions')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ClusterMenuItems cluster={cluster} />
        <Menu.Item leftSection={<IconLink size={15} />} onClick={() => void copyText(location.href)}>
          {t('cluster.copyLink')}
        </Menu.Item>
        {isAnonymous() ? null : (
          <Menu.Item leftSection={<IconSpy size={15} />} onClick={() => void hideNames(cluster)}>
            {t('cluster.hideNames')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Its entries. What is not possible stays, with its reason. */
export function ClusterMenuItems({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const mayNot = useMayAct()
  const start = ({ name, opens, operations }: ClusterAct): void => {
    if (opens !== null) return openDialog(opens(cluster))
    if (name === 'doctor') return void navigate({ to: '/doctor', search: { cluster: cluster.alias || cluster.name } })
    const [operation] = operations
    if (operation !== undefined) void runNow(cache, operation, { cluster: cluster.name }, name === 'publish' ? t('clusterAct.publishDone') : t('clusterAct.noteDomainDone'))
  }
  return (
    <>
      {clusterActs.map(act => {
        const whyNot = act.whyNot(cluster)
        const reason = act.isReading === true ? null : (mayNot ?? (whyNot === null ? null : t(`why.${whyNot}`)))
        const Icon = icons[act.name]
        return (
          <Menu.Item
            key={act.name}
            leftSection={<Icon size={15} />}
            aria-disabled={reason !== null}
            {...(reason === null ? {} : { 'data-refused': true, 'closeMenuOnClick': false })}
            {...((act.name === 'forget' || act.name === 'force') && reason === null ? { className: 'menu-danger' } : {})}
            onClick={() => {
              if (reason === null) start(act)
            }}
          >
            {t(`clusterMenu.${act.name}`)}
            {reason === null ? null : <span className="menu-reason">{reason}</span>}
          </Menu.Item>
        )
      })}
    </>
  )
}
