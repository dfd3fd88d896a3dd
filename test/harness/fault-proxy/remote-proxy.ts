import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Whom } from './fault-proxy.ts'
import type { Direction, Rule } from './rules.ts'

const answerMillisMax = 15_000

export type Order =
  | { readonly act: 'set'; readonly direction: Direction | 'both'; readonly change: Partial<Rule>; readonly whom: Whom }
  | { readonly act: 'reset'; readonly whom: Whom }
  | { readonly act: 'heal' }

export interface RemoteWish {
  /** Words that start a program on the host where it listens. */
  readonly inside: readonly string[]
  readonly host: string
  readonly port: number
  readonly target: { readonly host: string; readonly port: number }
}

/** A fault proxy on another host of a network. */
export class RemoteProxy {
  readonly #child: ChildProcess
  readonly #waiting: ((line: string) => void)[] = []

  private constructor(child: ChildProcess) {
    this.#child = child
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', line => this.#waiting.shift()?.(line))
  }

  static async start({ inside, host, port, target }: RemoteWish): Promise<RemoteProxy> {
    const program = [process.execPath, join(import.meta.dirname, 'proxy-process.ts'), host, String(port), target.host, String(target.port)]
    const [command = '', ...words] = [...inside, ...program]
    const proxy = new RemoteProxy(spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] }))
    await proxy.#answer('listening')
    return proxy
  }

  set(direction: Direction | 'both', change: Partial<Rule>, whom: Whom = {}): Promise<void> {
    return this.#tell({ act: 'set', direction, change, whom })
  }

  reset(whom: Whom = {}): Promise<void> {
    return this.#tell({ act: 'reset', whom })
  }

  heal(): Promise<void> {
    return this.#tell({ act: 'heal' })
  }

  close(): void {
    this.#child.stdin?.end()
  }

  async #tell(order: Order): Promise<void> {
    const answered = this.#answer('done')
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
    await answered
  }

  async #answer(expected: string): Promise<void> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push(resolve)
      const gone = (): void => reject(new Error('the proxy has ended'))
      if (this.#child.exitCode !== null) gone()
      this.#child.once('exit', gone)
      setTimeout(() => reject(new Error(`the proxy did not answer within ${answerMillisMax} ms`)), answerMillisMax).unref()
    })
    if (line !== expected) throw new Error(line)
  }
}
