import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { violations } from '../axe.ts'
import { openBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { startFullWorld, type FullWorld } from '../full-world.ts'
import { doesNotFit, englishLeft } from '../look.ts'
import { places, showPlace, type Place } from '../places.ts'

let world: FullWorld
let executable = ''

before(async () => {
  world = await startFullWorld()
  executable = await chromiumBinary()
})

after(async () => {
  await world?.[Symbol.asyncDispose]()
})

/** Looks at every place and tells all that was found, by place: one that is wrong does not hide the others. */
async function everywhere(options: Omit<Parameters<typeof openBrowser>[0], 'executable'>, look: (page: Page, place: Place) => Promise<readonly string[]>, begin?: (page: Page) => Promise<void>): Promise<void> {
  const browser = await openBrowser({ executable, ...options })
  const found: string[] = []
  try {
    const { page } = await browser.page()
    if (begin !== undefined) {
      await page.goto(`${world.program.address}/web/clusters`)
      await begin(page)
    }
    const isNarrow = (options.viewport?.width ?? 1360) < 640
    for (const place of places(world)) {
      if (isNarrow && place.isWide === true) continue
      await showPlace(page, world.program.address, place)
      for (const each of await look(page, place)) found.push(`${place.name}: ${each}`)
    }
  } finally {
    await browser.close()
  }
  assert.deepEqual(found, [])
}

const ordinary = { width: 1280, height: 800 }

test('in Chinese no English word is left in any page, tab or dialog, and nothing is cut off or too wide at 1,280 px', async () => {
  await everywhere({ language: 'zh', viewport: ordinary }, async page => [...(await englishLeft(page)), ...(await doesNotFit(page))])
})

test('with sentences longer by two fifths nothing is cut off or too wide at 1,280 px', async () => {
  const look = async (page: Page): Promise<readonly string[]> => [...((await page.getByText('··').count()) > 3 ? [] : ['is not in the language of the test']), ...(await doesNotFit(page))]
  await everywhere({ viewport: ordinary }, look, page => page.evaluate("localStorage.setItem('orchestrator-language', 'en-XA')"))
})

for (const language of ['en', 'zh'] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`axe finds nothing in any page, tab or dialog, ${language}, ${theme}`, async () => {
      await everywhere({ language, theme }, violations)
    })

test('at 320 px, as at four times the size on 1,280 px, nothing scrolls sideways and nothing is cut off', async () => {
  await everywhere({ viewport: { width: 320, height: 640 } }, doesNotFit)
})

test('on a telephone, in Chinese and the dark, nothing scrolls sideways and nothing is cut off', async () => {
  await everywhere({ language: 'zh', theme: 'dark', viewport: { width: 390, height: 844 } }, doesNotFit)
})
