import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { GroupView } from '../../src/contract/raft.ts'
import { Managers, newcomer } from '../harness/raft/managers.ts'
import { until } from '../harness/recorded/api.ts'
import { violations } from './axe.ts'
import { openBrowser } from './browser.ts'
import { chromiumBinary } from './chromium.ts'

const patience = { timeout: 20_000 }

async function openStatus(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/web/status`)
  await page.getByRole('heading', { name: 'Managers' }).waitFor(patience)
}

const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** What can lose the group its leader or a member runs only after its word was typed. */
async function confirm(page: Page, run: string, word: string): Promise<void> {
  const asking = page.getByRole('dialog')
  const sends = asking.getByRole('button', { name: run, exact: true })
  await sends.waitFor(patience)
  assert.ok(await sends.isDisabled(), `${run} waits for its word`)
  await asking.getByRole('textbox').fill(word)
  await sends.click()
  await asking.waitFor({ state: 'hidden', ...patience })
}

test('on the page Status a manager is added to a Raft group, another one is let lead, a snapshot is written, and one is taken out, each after it was asked for', async () => {
  await using managers = await Managers.start()
  const leader = await managers.leader()
  const browser = await openBrowser({ executable: await chromiumBinary() })
  try {
    const { page, complaints } = await browser.page()
    await openStatus(page, leader.program.address)
    const group = (): Promise<GroupView> => leader.api.get<GroupView>('/api/v2/group')

    await managers.start(newcomer)
    const fourth = managers.nameOf(newcomer)
    await button(page, 'Add a manager…').click()
    const adding = page.getByRole('dialog')
    await adding.getByRole('button', { name: 'Add the manager' }).click()
    await adding.getByText('This is needed.').waitFor(patience)
    await adding.getByRole('textbox').fill(fourth)
    await adding.getByRole('button', { name: 'Add the manager' }).click()
    await adding.getByText(`${fourth} is a member.`).waitFor(patience)
    await adding.getByRole('button', { name: 'Close' }).last().click()
    await rowOf(page, fourth).getByText('follows').waitFor(patience)
    assert.ok((await group()).members.some(({ name, votes }) => name === fourth && votes))
    assert.deepEqual(await violations(page), [])

    const { log } = await group()
    await button(page, 'Write a snapshot…').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Write the snapshot' }).click()
    await page.getByRole('dialog').getByText('is written.').waitFor(patience)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await until(group, view => (view.log?.snapshot ?? 0) >= (log?.applied ?? Infinity), 20_000)

    // On a loaded machine another one may lead by now; whoever does hands over on its own page.
    const leads = await managers.leader()
    if (leads.number !== leader.number) await openStatus(page, leads.program.address)
    const ledBy = async (): Promise<string | undefined> => (await leads.api.get<GroupView>('/api/v2/group')).leader?.name
    const next = managers.nameOf([0, 1, 2].find(number => number !== leads.number) ?? -1)
    await button(page, `Hand over to it: ${next}`).click(patience)
    await confirm(page, `Hand over to ${next}`, next)
    await rowOf(page, next).getByText('leads', { exact: true }).waitFor(patience)
    await until(ledBy, name => name === next, 20_000)
    assert.equal(await button(page, `Hand over to it: ${fourth}`).count(), 0, 'who does not lead hands nothing over')

    // Asked of one that follows, done by the one that leads.
    await button(page, `Remove: ${fourth}`).click()
    await confirm(page, `Remove ${fourth}`, fourth)
    await until(group, view => view.members.every(({ name }) => name !== fourth), 20_000)
    await rowOf(page, fourth).waitFor({ state: 'detached', ...patience })

    await button(page, 'Let another one lead…').click()
    await confirm(page, 'Let another one lead', next)
    await until(ledBy, name => name !== undefined && name !== next, 20_000)
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
  }
})
