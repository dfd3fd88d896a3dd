import type { Locator, Page } from 'playwright-core'

/** What a person sees and does on the page of a cluster. */
export class ClusterPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** The card of a server, by its name; its accessible name is the whole sentence about it. */
  card(name: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^${name}\\b`) })
  }

  /** Picks an entry, by its whole name, from the menu of a server. */
  async choose(name: string, entry: string): Promise<void> {
    await this.card(name).click({ button: 'right' })
    const menu = this.page.getByRole('menu', { name: new RegExp(`^Actions on ${name}`) })
    await menu.waitFor()
    await settled(menu)
    await menu.getByRole('menuitem', { name: entry, exact: true }).click()
  }

  async sentence(name: string): Promise<string> {
    return (await this.card(name).locator('.visually-hidden').first().textContent()) ?? ''
  }

  /** Presses on one card and moves over another; the button stays down. `down`: how far down in the target. */
  async dragOver(moved: string, target: string, down = 0.3): Promise<void> {
    const lifted = this.page.getByRole('status').filter({ hasText: moved }).first()
    // The tree may find its place on the page between the look and the press; a person takes hold again.
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const from = await this.#box(moved)
      await this.page.mouse.move(from.x + 40, from.y + 40)
      await this.page.mouse.down()
      await this.page.mouse.move(from.x + 50, from.y + 50, { steps: 3 })
      if (await lifted.waitFor({ timeout: 10_000 }).then(() => true, () => false)) break
      await this.page.mouse.up()
    }
    await lifted.waitFor()
    const to = await this.#box(target)
    await this.page.mouse.move(to.x + to.width / 2, to.y + to.height * down, { steps: 6 })
  }

  async #box(name: string): Promise<{ readonly x: number; readonly y: number; readonly width: number; readonly height: number }> {
    const box = await this.card(name).boundingBox()
    if (box === null) throw new Error(`the card of ${name} is not on the screen`)
    return box
  }

  /** Waits until the card of a server says that it replicates from another one. Answers how long it took. */
  async untilReplicaOf(name: string, source: string, millisecondsMax: number): Promise<number> {
    const began = performance.now()
    await this.page.getByRole('treeitem', { name: new RegExp(`^${name}, replica of ${source}\\b`) }).waitFor({ timeout: millisecondsMax })
    return performance.now() - began
  }
}

/** Marks the page, so that a reload can be told from a change. */
export const mark = (page: Page): Promise<void> => page.evaluate('void (window.isTheSamePage = true)')
export const isSamePage = (page: Page): Promise<boolean> => page.evaluate('window.isTheSamePage === true')

/** Waits until an expression holds in the page. The page's policy forbids to evaluate texts by itself, so it is asked from outside. */
export async function until(page: Page, expression: string, millisecondsMax = 3000): Promise<void> {
  const deadline = performance.now() + millisecondsMax
  while ((await page.evaluate(expression)) !== true) {
    if (performance.now() > deadline) throw new Error(`it does not come true within ${millisecondsMax} ms: ${expression}`)
    await page.waitForTimeout(30)
  }
}

/** Waits until something has stopped moving, as a menu does that finds its place: a click that comes before hits what was there. */
export async function settled(moving: Locator, stillMilliseconds = 200): Promise<void> {
  const place = async (): Promise<string> => JSON.stringify(await moving.boundingBox())
  for (let [before, now, tries] = ['', await place(), 0]; before !== now && tries < 50; tries += 1) {
    await moving.page().waitForTimeout(stillMilliseconds)
    ;[before, now] = [now, await place()]
  }
}
