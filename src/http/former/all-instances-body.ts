import { plainJson } from '../../contract/wire.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { FormerContext } from './context.ts'
import { formerInstance } from './instance.ts'

/**
 * The longest list of all. Each server's part is made once per change of the server and per second, since it tells ages in seconds;
 * the whole once per change of the topology.
 */
export class AllInstancesBody {
  readonly #parts = new WeakMap<Instance, { readonly second: number; readonly text: string }>()
  #whole: Buffer = Buffer.alloc(0)
  #snapshot = -1
  #second = -1

  of(context: FormerContext, instances: () => readonly Instance[]): Buffer {
    const second = Math.floor(context.now / 1000)
    if (context.topology.number !== this.#snapshot || second !== this.#second) {
      this.#whole = Buffer.from(`[${instances().map(instance => this.#part(instance, second, context)).join(',')}]`)
      this.#snapshot = context.topology.number
      this.#second = second
    }
    return this.#whole
  }

  #part(instance: Instance, second: number, context: FormerContext): string {
    const known = this.#parts.get(instance)
    if (known !== undefined && known.second === second) return known.text
    const text = plainJson(formerInstance(instance, context))
    this.#parts.set(instance, { second, text })
    return text
  }
}
