import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '../../test/browser/browser.ts'
import { startFullWorld } from '../../test/browser/full-world.ts'
import { places, showPlace } from '../../test/browser/places.ts'

const widths = [1440, 1024, 390] as const
const heights: Readonly<Record<number, number>> = { 1440: 900, 1024: 768, 390: 844 }

const heightMax = 3000

export interface EveryPlaceOptions {
  readonly executable: string
  readonly folder: string
  /** Only places whose `place-language-theme-width` matches. */
  readonly only: RegExp
}

/** Takes every page, tab and main dialog in both languages and themes at three widths, whole pages; says what was too wide. Not for the documentation: to be looked at. */
export async function takeEveryPlace({ executable, folder, only }: EveryPlaceOptions): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await using world = await startFullWorld()
  for (const width of widths)
    for (const language of ['en', 'zh'] as const)
      for (const theme of ['light', 'dark'] as const) {
        const kind = `${language}-${theme}-${width}`
        const chosen = places(world).filter(place => only.test(`${place.name}-${kind}`) && (width >= 640 || place.isWide !== true))
        if (chosen.length === 0) continue
        const browser = await openBrowser({ executable, language, theme, viewport: { width, height: heights[width] ?? 844 } })
        try {
          const { page, complaints } = await browser.page()
          for (const place of chosen) {
            try {
              await showPlace(page, world.program.address, place)
            } catch (error) {
              console.error(`${place.name}-${kind}: ${String(error).split('\n')[0]}`)
            }
            // The page scrolls within its frame: a window as high as all of it shows the whole.
            const hidden = Number(await page.evaluate('document.querySelector("main").scrollHeight - document.querySelector("main").clientHeight'))
            const height = heights[width] ?? 844
            if (hidden > 0) await page.setViewportSize({ width, height: Math.min(height + hidden, heightMax) })
            await page.screenshot({ path: join(folder, `${place.name}-${kind}.png`) })
            if (hidden > 0) await page.setViewportSize({ width, height })
            if ((await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true) console.error(`${place.name}-${kind}: wider than the window`)
          }
          for (const complaint of new Set(complaints)) if (!complaint.includes('404')) console.error(`${kind}: ${complaint}`)
        } finally {
          await browser.close()
        }
        console.log(kind)
      }
}
