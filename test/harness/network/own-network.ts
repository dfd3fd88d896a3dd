import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { whyNoNetwork } from './network.ts'

/** Set for the process that has a network of its own and does the work: which test it does. */
const variable = 'TEST_IN_OWN_NETWORK'
const why = process.env[variable] === undefined ? await whyNoNetwork() : null

/**
 * A test whose process is itself a host of a `Network`, with names of its own for addresses (its /etc/hosts, and that of all that it starts). It runs in
 * a process beside the runner's.
 */
export function testInOwnNetwork(file: string, title: string, addresses: Readonly<Record<string, string>>, work: () => Promise<void>): void {
  const asked = process.env[variable]
  if (asked === undefined) {
    test(title, { skip: why ?? false }, async t => {
      const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'))
      try {
        const hosts = join(folder, 'hosts')
        writeFileSync(hosts, ['127.0.0.1 localhost', ...Object.entries(addresses).map(([name, address]) => `${address} ${name}`), ''].join('\n'))
        const { NODE_TEST_CONTEXT: _, ...environment } = process.env
        const words = ['--net', '--mount', 'sh', '-ec', 'mount --bind "$0" /etc/hosts; exec "$@"', hosts, process.execPath, file]
        // All that its programs say is kept, and shown when it fails.
        const child = spawn('unshare', words, { env: { ...environment, LAB_VERBOSE: '1', [variable]: title }, stdio: ['ignore', 'pipe', 'pipe'], signal: t.signal })
        let output = ''
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (chunk: Buffer) => {
            output += chunk.toString('utf8')
            if (process.env['LAB_VERBOSE']) process.stdout.write(chunk)
          })
        }
        const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
        if (status !== 0) throw new Error(`${/^why: (.*)$/m.exec(output)?.[1] ?? `ended with ${String(status)}`}\n${output}`)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  } else if (asked === title) {
    // The network lives as long as this process.
    work().then(() => process.exit(0), (error: unknown) => {
      console.error(error)
      console.error(`\nwhy: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
      process.exit(1)
    })
  }
}
