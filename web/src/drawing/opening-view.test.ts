import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openingView } from './opening-view.ts'

const screen = { width: 1000, height: 700 }
const root = { x: 0, y: 4000, width: 260, height: 92 }
const onScreen = (view: { x: number; y: number; zoom: number }, box: typeof root): boolean =>
  box.x * view.zoom + view.x >= 0 &&
  box.y * view.zoom + view.y >= 0 &&
  (box.x + box.width) * view.zoom + view.x <= screen.width &&
  (box.y + box.height) * view.zoom + view.y <= screen.height

test('a drawing that fits is shown whole at full size', () => {
  assert.equal(openingView({ bounds: { x: 0, y: 0, width: 600, height: 300 }, direction: 'right' }, { ...root, y: 0 }, null, screen).zoom, 1)
})

test('of a huge drawing the primary is in view at a readable size', () => {
  const view = openingView({ bounds: { x: 0, y: 0, width: 2000, height: 9000 }, direction: 'right' }, root, null, screen)
  assert.ok(view.zoom >= 0.9)
  assert.ok(onScreen(view, root))
})

test('the worst problem pulls the view, but never so far that the primary leaves it', () => {
  const drawing = { bounds: { x: 0, y: 0, width: 2000, height: 9000 }, direction: 'right' } as const
  const near = { x: 300, y: 4300, width: 260, height: 92 }
  const view = openingView(drawing, root, near, screen)
  assert.ok(onScreen(view, root) && onScreen(view, near))
  assert.ok(onScreen(openingView(drawing, root, { ...near, y: 8800 }, screen), root))
})

test('downwards the primary is in view at the top, and the worst problem pulls along the row', () => {
  const drawing = { bounds: { x: -4000, y: 0, width: 9000, height: 2000 }, direction: 'down' } as const
  const top = { x: 0, y: 0, width: 260, height: 92 }
  const near = { x: 350, y: 156, width: 260, height: 92 }
  const view = openingView(drawing, top, near, screen)
  assert.ok(onScreen(view, top) && onScreen(view, near))
  assert.ok(onScreen(openingView(drawing, top, { ...near, x: 4500 }, screen), top))
})
