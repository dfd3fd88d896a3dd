import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { ClusterView, ServerStatus, ServerView, StatusCode } from '../../../src/contract/views.ts'
import { violations } from '../axe.ts'
import { openBrowser } from '../browser.ts'
import { chromiumBinary } from '../chromium.ts'
import { agentHosts, startFullWorld, type FullWorld } from '../full-world.ts'
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
      for (const each of await look(page, place)) {
        found.push(`${place.name}: ${each}`)
        // At once: there are many places, and whoever mends one need not wait for the others.
        console.error(found.at(-1))
      }
    }
  } finally {
    await browser.close()
  }
  assert.deepEqual(found, [])
}

const ordinary = { width: 1280, height: 800 }
/** Each place is visited once for each language and theme; everything that can be asked there is asked at once. */
const all = (...looks: readonly ((page: Page) => Promise<readonly string[]>)[]) => async (page: Page): Promise<readonly string[]> => {
  const found: string[] = []
  for (const look of looks) found.push(...(await look(page)))
  return found
}

test('in Chinese no English word is left in any page, tab or dialog, nothing is cut off or too wide at 1,280 px, and axe finds nothing', async () => {
  await everywhere({ language: 'zh', viewport: ordinary }, all(englishLeft, doesNotFit, violations))
})

test('with sentences longer by two fifths nothing is cut off or too wide at 1,280 px', async () => {
  const isSpoken = async (page: Page): Promise<readonly string[]> => ((await page.getByText('··').count()) > 3 ? [] : ['is not in the language of the test'])
  await everywhere({ viewport: ordinary }, all(isSpoken, doesNotFit), page => page.evaluate("localStorage.setItem('orchestrator-language', 'en-XA')"))
})

for (const theme of ['light', 'dark'] as const)
  test(`axe finds nothing in any page, tab or dialog in English, ${theme}`, async () => {
    await everywhere({ theme, viewport: ordinary }, violations)
  })

test('at 320 px, as at four times the size on 1,280 px, nothing scrolls sideways and nothing is cut off', async () => {
  await everywhere({ viewport: { width: 320, height: 640 } }, doesNotFit)
})

test('on a telephone, in Chinese and the dark, nothing scrolls sideways or is cut off, and axe finds nothing', async () => {
  await everywhere({ language: 'zh', theme: 'dark', viewport: { width: 390, height: 844 } }, all(doesNotFit, violations))
})

test('who only looks at agents and seeds leaves no act behind', async () => {
  for (const [operation, input] of [['agents', {}], ['agent', { host: agentHosts[0] }], ['seeds', {}], ['agent-recent-seeds', { host: agentHosts[1] }]] as const) {
    const answer = await fetch(`${world.program.address}/api/v2/operations/${operation}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ input }) })
    assert.equal(((await answer.json()) as { state: string }).state, 'done', operation)
  }
  const listed: unknown = await (await fetch(`${world.program.address}/api/v2/operations`)).json()
  assert.deepEqual(JSON.stringify(listed).match(/"(agents|agent|seeds|agent-recent-seeds)"/g), null)
  assert.match(JSON.stringify(listed), /agent-create-snapshot/, 'what changes something is listed')
})

/** Every status that there is, as the service would send it. */
const statuses: readonly (readonly [StatusCode, ServerStatus['severity']])[] = [
  ['unreachable', 'critical'], ['applier-error', 'critical'], ['receiver-error', 'critical'], ['stopped', 'critical'], ['not-checked', 'stale'], ['group-not-online', 'critical'], ['lag', 'warning'],
  ['lag-unknown', 'warning'], ['errant-gtid', 'warning'], ['maintenance', 'warning'], ['replicating', 'ok'], ['writable', 'ok'], ['read-only-primary', 'warning'],
]

test('without colours every status is told apart by its words on the card and in the legend, and the ten that people meet by the shape of their icons', async () => {
  const browser = await openBrowser({ executable, viewport: { width: 1600, height: 1000 } })
  try {
    const { page } = await browser.page()
    const debuggerOfPage = await browser.context.newCDPSession(page)
    await debuggerOfPage.send('Emulation.setEmulatedVisionDeficiency', { type: 'achromatopsia' })
    // What the service answered, with a replica more in each status that there is.
    await page.route(/\/api\/v2\/clusters\/shop$/, async route => {
      const answer = await route.fetch()
      const cluster = (await answer.json()) as ClusterView
      const replica = cluster.members.find(({ role, replication }) => role !== 'primary' && replication?.applierError === null)
      assert.ok(replica !== undefined, 'the shop has a replica')
      const more = statuses.map(([code, severity]): ServerView => ({
        ...replica, key: `${code}.example:3306`, host: `${code}.example`, alias: `card-${code}`,
        statuses: [{ code, severity, since: null, reason: { code, parameters: { number: 1062, seconds: 90 }, text: code } }],
      }))
      await route.fulfill({ response: answer, json: { ...cluster, members: [...cluster.members, ...more] } })
    })
    await page.goto(`${world.program.address}/web/cluster/alias/shop?view=list`)
    await page.getByRole('row', { name: /card-unreachable/ }).waitFor({ timeout: 30_000 })
    const words: string[] = []
    for (const [code] of statuses) {
      const cell = page.getByRole('row', { name: new RegExp(`card-${code}(?![\\w-])`) }).locator('.status-word').first()
      words.push((await cell.innerText()).trim())
    }
    assert.equal(new Set(words).size, statuses.length, words.join(' | '))
    await page.goto(`${world.program.address}/web/cluster/alias/shop`)
    await page.getByRole('button', { name: 'Legend' }).click()
    const lines = page.locator('.legend ul').first().locator('li')
    await lines.first().waitFor()
    const legend = await Promise.all((await lines.all()).map(async line => ({ word: (await line.innerText()).trim(), shape: await line.locator('svg').first().innerHTML() })))
    assert.equal(legend.length, statuses.length)
    assert.equal(new Set(legend.map(({ word }) => word)).size, statuses.length)
    assert.ok(new Set(legend.map(({ shape }) => shape)).size >= 10, 'ten shapes')
    // Only what is well shares a shape: who replicates, and who is written to.
    const [replicating, writable] = ['Replicating', 'Writable'].map(word => legend.find(line => line.word === word)?.shape)
    assert.equal(new Set(legend.map(({ shape }) => shape)).size, statuses.length - (replicating === writable ? 1 : 0))
  } finally {
    await browser.close()
  }
})
