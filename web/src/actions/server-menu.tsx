import { Menu } from '@mantine/core'
import {
  IconArrowBigUpLine,
  IconArrowMoveRight,
  IconArrowsMove,
  IconBinaryTree,
  IconChevronDown,
  IconChevronRight,
  IconClockPause,
  IconClockPlay,
  IconCopy,
  IconDots,
  IconFileText,
  IconFingerprint,
  IconFirstAidKit,
  IconLock,
  IconLockOpen,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRotateClockwise,
  IconShieldCheck,
  IconStethoscope,
  IconTrash,
  IconZoomQuestion,
} from '@tabler/icons-react'
import { useState, type ComponentType, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { copyText } from '../ui/copy.tsx'
import { copiesOf } from './copies.ts'
import { places, type Group, type Submenu } from './acts/act.ts'
import { acts, type Act, type ActName } from './menu.ts'
import { useMayAct } from './may-act.ts'
import { usePerform } from './use-perform.ts'

type Icon = ComponentType<{ readonly size?: number }>

const icons: Partial<Record<ActName, Icon>> = {
  move: IconArrowMoveRight,
  moveReplicas: IconArrowsMove,
  takeover: IconArrowBigUpLine,
  whatIf: IconZoomQuestion,
  recover: IconFirstAidKit,
  start: IconPlayerPlay,
  stop: IconPlayerStop,
  restart: IconRotateClockwise,
  readOnly: IconLock,
  writable: IconLockOpen,
  downtimeBegin: IconClockPause,
  downtimeEnd: IconClockPlay,
  doctor: IconStethoscope,
  refresh: IconRefresh,
  forget: IconTrash,
}
const submenuIcons: Readonly<Record<Submenu, Icon>> = {
  moreMoves: IconBinaryTree,
  moreReplication: IconDots,
  gtid: IconFingerprint,
  semiSync: IconShieldCheck,
  logs: IconFileText,
  moreOther: IconDots,
}

export interface MenuPlace {
  readonly server: ServerView
  readonly at: { readonly x: number; readonly y: number }
}

const clickOutside = ['mousedown', 'touchstart']
/** It is as high as most of the window: moved up over the card rather than cut off below. */
const withinWindow = { flip: false, shift: { crossAxis: true, padding: 8 } }

/** The menu of one server at a place on the screen. What is not possible stays, with its reason. */
export function ServerMenu({ place, cluster, onClose }: { readonly place: MenuPlace; readonly cluster: ClusterView; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const name = useNameOf()(place.server.key)
  return (
    // Not closed by a key pressed outside: the very key that opens it is still on its way.
    <Menu opened onClose={onClose} clickOutsideEvents={clickOutside} middlewares={withinWindow} width={272} position="bottom-start" withinPortal shadow="md" offset={4} trapFocus returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button type="button" tabIndex={-1} className="menu-anchor" aria-label={t('menu.label', { server: name })} style={{ left: place.at.x, top: place.at.y }} />
      </Menu.Target>
      <Menu.Dropdown className="server-menu" aria-label={t('menu.label', { server: name })}>
        <ServerMenuItems server={place.server} cluster={cluster} />
      </Menu.Dropdown>
    </Menu>
  )
}

// The edge: Object.keys loses the literal names; these are the keys of the table.
const groups = Object.keys(places) as readonly Group[]

export function ServerMenuItems({ server, cluster }: { readonly server: ServerView; readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<Submenu | 'copy' | null>(null)
  const offered = acts.filter(act => act.isOffered?.(server) ?? true)
  return (
    <>
      {groups.map(group => {
        const own = offered.filter(act => act.group === group)
        // What removes stays last, below the menus of its group.
        const [first, last] = [own.filter(act => act.submenu === undefined && act.name !== 'forget'), own.filter(act => act.name === 'forget')]
        return (
          <div key={group} role="group" aria-label={t(`menu.${group}`)} className="menu-group">
            {first.map(act => (
              <Entry key={act.name} act={act} server={server} cluster={cluster} />
            ))}
            {places[group].map(submenu => (
              <More
                key={submenu}
                submenu={submenu}
                acts={own.filter(act => act.submenu === submenu)}
                isOpen={open === submenu}
                toggle={() => setOpen(open === submenu ? null : submenu)}
                server={server}
                cluster={cluster}
              />
            ))}
            {last.map(act => (
              <Entry key={act.name} act={act} server={server} cluster={cluster} />
            ))}
          </div>
        )
      })}
      <div role="group" className="menu-group">
        <Unfolding name={t('state.copy')} icon={IconCopy} isOpen={open === 'copy'} toggle={() => setOpen(open === 'copy' ? null : 'copy')}>
          {copiesOf(server, document.baseURI).map(({ name, text }) => (
            <Menu.Item key={name} onClick={() => void copyText(text)}>
              {t(name)}
            </Menu.Item>
          ))}
        </Unfolding>
      </div>
    </>
  )
}

interface EntryOf {
  readonly server: ServerView
  readonly cluster: ClusterView
}

interface MoreOf extends EntryOf {
  readonly submenu: Submenu
  readonly acts: readonly Act[]
  readonly isOpen: boolean
  readonly toggle: () => void
}

/** Acts that are needed less often: they unfold in the menu itself, by click, by touch and by Enter alike. */
function More({ submenu, acts: own, isOpen, toggle, ...of }: MoreOf) {
  const { t } = useTranslation()
  if (own.length === 0) return null
  return (
    <Unfolding name={t(`menu.${submenu}`)} icon={submenuIcons[submenu]} isOpen={isOpen} toggle={toggle}>
      {own.map(act => (
        <Entry key={act.name} act={act} {...of} />
      ))}
    </Unfolding>
  )
}

interface UnfoldingOf {
  readonly name: string
  readonly icon: Icon
  readonly isOpen: boolean
  readonly toggle: () => void
  readonly children: ReactNode
}

function Unfolding({ name, icon: OwnIcon, isOpen, toggle, children }: UnfoldingOf) {
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <>
      <Menu.Item leftSection={<OwnIcon size={15} />} rightSection={<Chevron size={14} />} aria-expanded={isOpen} closeMenuOnClick={false} onClick={toggle}>
        {name}
      </Menu.Item>
      {isOpen ? (
        <div role="group" aria-label={name} className="menu-more">
          {children}
        </div>
      ) : null}
    </>
  )
}

function Entry({ act, server, cluster }: EntryOf & { readonly act: Act }) {
  const { t } = useTranslation()
  const perform = usePerform(cluster)
  const mayNot = useMayAct()
  const whyNot = act.whyNot(server, cluster)
  const reason = act.isReading === true ? null : (mayNot ?? (whyNot === null ? null : t(`why.${whyNot}`)))
  const ActIcon = icons[act.name]
  return (
    <Menu.Item
      {...(ActIcon === undefined ? {} : { leftSection: <ActIcon size={15} /> })}
      aria-disabled={reason !== null}
      {...(reason === null ? {} : { 'data-refused': true, 'closeMenuOnClick': false })}
      {...(act.name === 'forget' && reason === null ? { className: 'menu-danger' } : {})}
      onClick={() => {
        if (reason === null) perform(act, server)
      }}
    >
      {t(`act.${act.name}.menu`)}
      {reason === null ? null : <span className="menu-reason">{reason}</span>}
    </Menu.Item>
  )
}
