import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

/** Looks at all servers, many times a second, and remembers when two of them took writes at once. */
export class WritableServers {
  readonly pairs: string[] = []
  #stopped = false
  #done: Promise<void> = Promise.resolve()

  static watch(servers: readonly SandboxServer[]): WritableServers {
    const watching = new WritableServers()
    watching.#done = watching.#run(servers)
    return watching
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    await this.#done
  }

  async #run(servers: readonly SandboxServer[]): Promise<void> {
    while (!this.#stopped) {
      const first = await writableNow(servers)
      // The two readings of one look are not of one moment: only who takes writes in two looks in a row does it beside the other.
      if (first.length > 1) {
        const second = await writableNow(servers)
        const both = first.filter(name => second.includes(name))
        if (both.length > 1) this.pairs.push(both.join(' and '))
      }
      await sleep(20)
    }
  }
}

async function writableNow(servers: readonly SandboxServer[]): Promise<readonly string[]> {
  const states = await Promise.all(servers.map(server =>
    server.row<{ ro: number }>('SELECT @@read_only AS ro').then(({ ro }) => (ro === 0 ? [server.name] : []), () => []))) // dead ones take no writes
  return states.flat()
}
