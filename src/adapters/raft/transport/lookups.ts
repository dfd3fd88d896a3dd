import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'

type Answer = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

/**
 * Names are resolved on the threads that also bring files onto the disk, of which there are four. A resolver that does not answer must not take them all,
 * so no more than two are asked for at once; the others wait, and their connections give up in time.
 */
const atOnce = 2

export class Lookups {
  #running = 0
  readonly #waiting: (() => void)[] = []

  readonly lookup = (host: string, options: LookupOptions, answer: Answer): void => {
    const ask = (): void => {
      this.#running += 1
      systemLookup(host, options, (error, address, family) => {
        this.#running -= 1
        this.#waiting.shift()?.()
        answer(error, address, family)
      })
    }
    if (this.#running < atOnce) ask()
    else this.#waiting.push(ask) // bounded by the number of members: each has one connection in the making
  }
}
