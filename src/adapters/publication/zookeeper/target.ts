import { fail, ok, type Result } from '../../../kit/result.ts'
import type { PublicationTarget, WriterEntry } from '../../../ports/publication.ts'
import { type ServerAddress, type ZookeeperFailure, ZookeeperSession } from './client.ts'
import { errorCode } from './packets.ts'

const defaultPort = 2181

/** `host[:port],host…`, as ZkAddress has it. */
export function zookeeperServers(text: string): readonly ServerAddress[] {
  return text.split(',').map(part => part.trim()).filter(part => part !== '').map(part => {
    const [, host = part, port] = /^(.*?):(\d+)$/.exec(part) ?? []
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? defaultPort : Number(port) }
  })
}

/** Nodes of ZooKeeper: the first server of the ensemble that answers is asked. Once all five nodes are there they change together or not at all. */
export class Zookeeper implements PublicationTarget {
  readonly name: string
  readonly #servers: readonly ServerAddress[]

  constructor(address: string) {
    this.#servers = zookeeperServers(address)
    this.name = `zookeeper ${address}`
  }

  publish({ pairs }: WriterEntry, deadlineMilliseconds: number): Promise<Result<null, string>> {
    const nodes = pairs.map(({ key, value }) => ({ path: pathOf(key), value }))
    return this.#within(deadlineMilliseconds, async session => {
      const changed = await session.setAll(nodes)
      if (changed.ok || changed.failure.code !== errorCode.noNode) return changed
      for (const { path, value } of nodes) {
        for (const parent of parentsOf(path)) {
          const made = await session.create(parent, '')
          if (!made.ok) return made
        }
        const made = await session.create(path, value)
        if (!made.ok) return made
      }
      return session.setAll(nodes) // some of them may have been there with another value
    })
  }

  says({ pairs }: WriterEntry, deadlineMilliseconds: number): Promise<Result<boolean, string>> {
    return this.#within(deadlineMilliseconds, async session => {
      for (const { key, value } of pairs) {
        const found = await session.get(pathOf(key))
        if (!found.ok) return found
        if (found.value !== value) return ok(false)
      }
      return ok(true)
    })
  }

  async #within<Value>(deadlineMilliseconds: number, act: (session: ZookeeperSession) => Promise<Result<Value, ZookeeperFailure>>): Promise<Result<Value, string>> {
    const until = performance.now() + deadlineMilliseconds
    const failures: string[] = []
    for (const [index, server] of this.#servers.entries()) {
      // A server that hangs leaves time for the others.
      const share = performance.now() + (until - performance.now()) / (this.#servers.length - index)
      const session = await ZookeeperSession.open(server, share)
      if (!session.ok) {
        failures.push(session.failure.text)
        continue
      }
      const answer = await act(session.value)
      session.value.close()
      if (answer.ok) return answer
      if (answer.failure.code !== null) return fail(answer.failure.text)
      failures.push(answer.failure.text)
    }
    return fail(failures.length === 0 ? 'no server of ZooKeeper is named' : failures.join('; '))
  }
}

const pathOf = (key: string): string => `/${key.replace(/^\/+/, '')}`

const parentsOf = (path: string): readonly string[] => {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
}
