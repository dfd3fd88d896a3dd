import { MantineProvider, createTheme } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startAnonymous } from './anonymous/anonymous.ts'
import { AnonymousNote } from './anonymous/anonymous-note.tsx'
import { cache } from './api/cache.ts'
import { Toasts } from './frame/toasts.tsx'
import { startLive } from './live/live.ts'
import { router } from './router.tsx'
import { startPreferences } from './ui/preferences.ts'
import { startLanguage } from './words/language.ts'
import './mantine.css'
import './theme.css'
import './style.css'
import './pages/lists.css'
import './pages/pages.css'

// Colours are ours, as variables in theme.css: no style element is made while running, so the content security policy can forbid them.
const theme = createTheme({
  primaryColor: 'blue',
  cursorType: 'pointer',
  defaultRadius: 'md',
  respectReducedMotion: true,
  components: { Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 }, overlayProps: { backgroundOpacity: 0.4 } } } },
})

/** An address must not be able to speak for the program: the original's message parameter is dropped. */
function dropMessage(): void {
  const address = new URL(location.href)
  if (!address.searchParams.has('orchestrator-msg')) return
  address.searchParams.delete('orchestrator-msg')
  history.replaceState(history.state, '', address)
}

async function start(): Promise<void> {
  dropMessage()
  startPreferences()
  await Promise.all([startLanguage(), startAnonymous()])
  startLive(cache)
  const element = document.querySelector('#root')
  if (element === null) throw new Error('the page has no #root')
  createRoot(element).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={cache}>
          <Toasts />
          <AnonymousNote />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

await start()
