import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'

/** A browser with a new empty profile. `close` ends it and removes the profile. */
export interface TestBrowser {
  readonly context: BrowserContext
  page(): Promise<WatchedPage>
  close(): Promise<void>
}

/** A page that remembers what went wrong in it: errors, console errors, requests that left the program's own address. */
export interface WatchedPage {
  readonly page: Page
  readonly complaints: readonly string[]
  readonly requests: readonly string[]
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export interface BrowserOptions {
  readonly executable: string
  readonly language?: 'en' | 'zh'
  readonly theme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly scale?: number
  /** With transitions, as for people who have not asked their system for less of them. */
  readonly isMoving?: boolean
  /** By finger, as on a telephone. */
  readonly isTouch?: boolean
}

export async function openBrowser({
  executable,
  language = 'en',
  theme = 'light',
  viewport = { width: 1360, height: 860 },
  scale = 1,
  isMoving = false,
  isTouch = false,
}: BrowserOptions): Promise<TestBrowser> {
  if (!existsSync(executable)) throw new Error(`no browser at ${executable}: set CHROMIUM, or run scripts/fetch-chromium.ts`)
  const profile = mkdtempSync(join(tmpdir(), 'orchestrator-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    args: flags,
    viewport,
    deviceScaleFactor: scale,
    hasTouch: isTouch,
    isMobile: isTouch,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    // A menu that still moves under the pointer is no place to click; what moves is looked at by the one that asks for it.
    reducedMotion: isMoving ? 'no-preference' : 'reduce',
  })
  return {
    context,
    async page() {
      const page = await context.newPage()
      const complaints: string[] = []
      const requests: string[] = []
      page.on('pageerror', error => complaints.push(`error: ${error.message}`))
      page.on('console', message => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
      })
      page.on('request', request => requests.push(request.url()))
      return { page, complaints, requests }
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
