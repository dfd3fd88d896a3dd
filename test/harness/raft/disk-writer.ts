/**
 * Writes entries to a Raft disk as fast as it takes them and tells on its standard output what has become durable, until it is killed.
 * `node disk-writer.ts FOLDER`
 */
import { writeSync } from 'node:fs'
import { fileRaftDisks, usualOptions } from '../../../src/adapters/raft/disk/file-raft-disk.ts'
import type { Configuration, Entry, MemberId, Save } from '../../../src/model/raft/types.ts'
import { textOf } from './written-entries.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('which folder?')
const opened = await fileRaftDisks({ ...usualOptions, segmentBytes: 20_000 }).open(folder)
if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
const disk = opened.value
const configuration: Configuration = { voters: ['a' as MemberId], outgoing: [], learners: [] } // the test's own member
const { stored } = disk.found ?? await disk.begin({ member: 'a' as MemberId, group: 'g' }, { index: 0, term: 0, configuration }, new Uint8Array()) // as above
let index = stored.entries.at(-1)?.index ?? stored.snapshot.index
const term = stored.hardState.term + 1
let number = 0
let kept = stored.snapshot.index

for (;;) { // ends by SIGKILL
  const saves: Save[] = []
  for (let together = 0; together < 1 + (index % 7); together += 1) {
    index += 1
    const entries: readonly Entry[] = [{ kind: 'command', index, term, data: Buffer.from(textOf(index, term)) }]
    saves.push({ number: (number += 1), hardState: { term, votedFor: 'a' as MemberId }, piece: null, install: null, entries, dropUpTo: null }) // as above
  }
  await disk.save(saves)
  writeSync(1, `${index} ${term}\n`)
  if (index > kept + 500) {
    kept = index
    await disk.keepSnapshot({ index, term, configuration }, Buffer.from(`state at ${index}`))
    await disk.save([{ number: (number += 1), hardState: null, piece: null, install: null, entries: [], dropUpTo: index - 100 }])
  }
}
