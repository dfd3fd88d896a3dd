import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ofTheOriginal, originalPage } from '../../scripts/documents/original-page.ts'

/** What may be lacking, by subject; each has its reason in docs/generated/original.md. */
const lackingMost: Readonly<Record<string, number>> = {
  'Recorded answers of the API': 5, 'Recorded commands of the binary': 11, 'Recorded commands of the client script that need no server': 2, 'Keys of the configuration': 1,
}

for (const { subject, all, lacking } of ofTheOriginal()) {
  test(`of the original is here: ${subject}, ${all - lacking.length} of ${all}`, () => assert.ok(all > 0 && lacking.length <= (lackingMost[subject] ?? 0), lacking.join(', ')))
}

test('whatever of the original is not here says why', () => {
  const page = originalPage()
  for (const name of ofTheOriginal().flatMap(({ lacking }) => lacking)) assert.match(page, new RegExp(`\`${name.replaceAll(/[.*+?^$()[\]{}|\\]/g, String.raw`\$&`)}\`.* \\| .{10,} \\|`), name)
})
