import { enableCompileCache } from 'node:module'
import { userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runClient } from './cli/client/run-client.ts'
import { remoteCaller } from './cli/remote-caller.ts'

// As for the program itself: what is compiled once is read the next time.
if (basename(import.meta.dirname) !== 'src') enableCompileCache(join(import.meta.dirname, '.compile-cache'))
const { stdout, stderr, status } = await runClient(process.argv.slice(2), {
  environment: process.env, user: userInfo().username, processId: process.pid, isTerminal: process.stdout.isTTY,
  version: async () => (await import('./app/version.ts')).version,
  standardInput: () => text(process.stdin),
  callerFor: settings => remoteCaller(settings, () => Date.now()),
})
process.stderr.write(stderr)
process.stdout.write(stdout)
process.exitCode = status
