import { Menu } from '@mantine/core'
import {
  IconArrowBigUpLine,
  IconArrowMoveRight,
  IconArrowsExchange,
  IconArrowUp,
  IconClockPause,
  IconClockPlay,
  IconCopy,
  IconFirstAidKit,
  IconLock,
  IconLockOpen,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRotateClockwise,
  IconSitemap,
  IconTrash,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { copyText } from '../ui/copy.tsx'
import { acts, type ActName } from './menu.ts'
import { perform } from './perform.ts'
import { useMayAct } from './may-act.ts'

const icons: Readonly<Record<ActName, ComponentType<{ readonly size?: number }>>> = {
  move: IconArrowMoveRight,
  moveUp: IconArrowUp,
  takeSiblings: IconSitemap,
  takeSource: IconArrowsExchange,
  regroup: IconUsersGroup,
  takeover: IconArrowBigUpLine,
  recover: IconFirstAidKit,
  start: IconPlayerPlay,
  stop: IconPlayerStop,
  restart: IconRotateClockwise,
  readOnly: IconLock,
  writable: IconLockOpen,
  downtimeBegin: IconClockPause,
  downtimeEnd: IconClockPlay,
  refresh: IconRefresh,
  forget: IconTrash,
}

export interface MenuPlace {
  readonly server: ServerView
  readonly at: { readonly x: number; readonly y: number }
}

/** The menu of one server at a place on the screen. What is not possible stays, with its reason. */
export function ServerMenu({ place, cluster, onClose }: { readonly place: MenuPlace; readonly cluster: ClusterView; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const name = useNameOf()(place.server.key)
  return (
    <Menu opened onClose={onClose} width={272} position="bottom-start" withinPortal shadow="md" offset={4} trapFocus returnFocus>
      <Menu.Target>
        <span className="menu-anchor" style={{ left: place.at.x, top: place.at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('menu.label', { server: name })}>
        <ServerMenuItems server={place.server} cluster={cluster} />
      </Menu.Dropdown>
    </Menu>
  )
}

export function ServerMenuItems({ server, cluster }: { readonly server: ServerView; readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const mayNot = useMayAct()
  const groups = Map.groupBy(
    acts.filter(act => act.isOffered?.(server) ?? true),
    act => act.group,
  )
  return (
    <>
      {[...groups].map(([group, entries]) => (
        <div key={group} role="group" aria-label={t(`menu.${group}`)} className="menu-group">
          {entries.map(act => {
            const whyNot = act.whyNot(server, cluster)
            const reason = mayNot ?? (whyNot === null ? null : t(`why.${whyNot}`))
            const Icon = icons[act.name]
            return (
              <Menu.Item
                key={act.name}
                leftSection={<Icon size={15} />}
                aria-disabled={reason !== null}
                {...(reason === null ? {} : { 'data-refused': true, 'closeMenuOnClick': false })}
                {...(act.name === 'forget' && reason === null ? { color: 'red' } : {})}
                onClick={() => {
                  if (reason === null) perform(act.name, server, cluster, nameOf, cache)
                }}
              >
                {t(`menu.${act.name}`)}
                {reason === null ? null : <span className="menu-reason">{reason}</span>}
              </Menu.Item>
            )
          })}
        </div>
      ))}
      <div role="group" className="menu-group">
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void copyText(server.key)}>
          {t('menu.copyName')}
        </Menu.Item>
      </div>
    </>
  )
}
