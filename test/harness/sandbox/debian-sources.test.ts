import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { archiveSource, parseLines, parseStanzas } from './debian-sources.ts'

test('a line of sources.list names its address, suite and key', () => {
  assert.deepEqual(parseLines('# deb http://a.test x main\ndeb-src http://b.test x main\n deb [arch=amd64 signed-by=/k.gpg] http://c.test/debian trixie main\n'), [
    { uris: ['http://c.test/debian'], suites: ['trixie'], signedBy: '/k.gpg' },
  ])
})

test('a stanza names its addresses, suites and key; comments, disabled stanzas and sources of source code are passed over', () => {
  const text = [
    'Types: deb deb-src', '# a comment', 'URIs: http://a.test/debian http://b.test/debian', 'Suites: trixie', '  trixie-updates', 'Components: main',
    'Signed-By:', ' -----BEGIN', ' .', ' key', '', 'Types: deb', 'URIs: http://off.test', 'Suites: trixie', 'Enabled: no', '',
    'Types: deb-src', 'URIs: http://src.test', 'Suites: trixie',
  ].join('\n')
  assert.deepEqual(parseStanzas(text), [
    { uris: ['http://a.test/debian', 'http://b.test/debian'], suites: ['trixie', 'trixie-updates'], signedBy: '-----BEGIN\n .\n key' },
  ])
})

test('the source for another suite has the address and key of the archive, not those of the security archive or of another vendor', async () => {
  const etc = await mkdtemp(join(tmpdir(), 'orc-etc-'))
  try {
    await mkdir(join(etc, 'apt', 'sources.list.d'), { recursive: true })
    await writeFile(join(etc, 'os-release'), 'ID=debian\nVERSION_CODENAME=trixie\n')
    await writeFile(join(etc, 'apt', 'sources.list.d', 'a.list'), 'deb http://vendor.test nodistro main\ndeb http://s.test/security trixie-security main\n')
    await assert.rejects(archiveSource('unstable', etc), /set MYSQLD/)
    await writeFile(join(etc, 'apt', 'sources.list'), 'deb [signed-by=/k.gpg] http://mirror.test/debian trixie main\n')
    assert.equal(await archiveSource('unstable', etc), 'Types: deb\nURIs: http://mirror.test/debian\nSuites: unstable\nComponents: main\nSigned-By: /k.gpg\n')
  } finally {
    await rm(etc, { recursive: true })
  }
})
