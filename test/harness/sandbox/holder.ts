/** Holds a sandbox open until it is ended from outside: the sandbox's own test ends it in every way there is. Prints its folder and processes. */
import { Sandbox } from './sandbox.ts'

const sandbox = await Sandbox.start({ servers: [{ name: 'one' }, { name: 'two' }] })
console.log(JSON.stringify({ folder: sandbox.folder, pids: sandbox.servers.map(server => server.pid) }))
if (process.argv.includes('frozen')) sandbox.server('two').freeze()
if (process.argv.includes('hold')) setInterval(() => {}, 60_000)
