import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialogs } from '../actions/dialogs.tsx'
import { dialogs, openDialog } from '../actions/dialogs.ts'
import { queries } from '../api/queries.ts'
import { togglePause } from '../live/live.ts'
import { later } from '../ui/later.tsx'
import { Boundary } from '../ui/page-state.tsx'
import { AutomaticChip } from './automatic-chip.tsx'
import { Banners, useIsLost } from './banners.tsx'
import { LeaderChip, LiveChip, ReaderChip } from './chips.tsx'
import { OperationsTray } from './operations-tray.tsx'
import { SideMenu } from './side-menu.tsx'

const Announcer = later(() => import('./announcer.tsx').then(part => part.Announcer))

/** The frame around every page. */
export function Frame() {
  const { t } = useTranslation()
  const path = useRouterState({ select: state => state.location.pathname })
  const me = useQuery(queries.me)
  useGlobalKeys()
  const isLost = useIsLost()
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => document.querySelector<HTMLElement>('#content')?.focus()}>
        {t('frame.skip')}
      </button>
      <header className="bar">
        <Link to="/clusters" className="brand" aria-label="Orchestrator">
          <img src="./icon.svg" alt="" width={24} height={24} />
          <span>Orchestrator</span>
        </Link>
        <button type="button" className="palette-button" aria-keyshortcuts="Control+K" onClick={() => openDialog({ kind: 'palette' })}>
          <IconSearch size={15} aria-hidden />
          <span>{t('palette.open')}</span>
          <kbd aria-hidden>Ctrl K</kbd>
        </button>
        <span className="grow" />
        <ReaderChip />
        <AutomaticChip />
        <LiveChip />
        <LeaderChip />
      </header>
      <SideMenu />
      <main id="content" tabIndex={-1} className={isLost ? 'is-lost' : undefined}>
        <Banners />
        {(me.data?.webMessage ?? '') === '' ? null : <div className="notice info message-of-the-day">{me.data?.webMessage}</div>}
        <Boundary key={path} words={{ title: t('state.broke'), text: t('state.brokeText') }}>
          <Outlet />
        </Boundary>
      </main>
      <OperationsTray />
      <Announcer />
      <Dialogs />
    </div>
  )
}

/** Keys that work on every page, except while typing or in a dialog. */
function useGlobalKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let sawG = 0
    const places = { c: '/clusters', p: '/clusters-analysis', r: '/audit-recovery', s: '/status' } as const
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        // Not over a dialog: what was filled in there would be gone.
        if (dialogs.get().open === null) openDialog({ kind: 'palette' })
        event.preventDefault()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (target !== null && (target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null || target.isContentEditable)) return
      if (event.key === 'g') {
        sawG = Date.now()
        return
      }
      if (Date.now() - sawG < 1_000 && event.key in places) {
        sawG = 0
        // The edge: `in` has just proved that it is one of the four.
        void navigate({ to: places[event.key as keyof typeof places] })
        event.preventDefault()
        return
      }
      if (event.key === '?') openDialog({ kind: 'keys' })
      else if (event.key === '.') togglePause()
      else if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('input[data-filter]')
        if (filter === null) return
        filter.focus()
      } else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate])
}
