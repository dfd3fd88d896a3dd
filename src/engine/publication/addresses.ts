import type { Addresses } from '../../model/publication/pairs.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Names } from '../../ports/names.ts'

const keptMilliseconds = 600_000
const lookupMilliseconds = 500
const hostsMax = 10_000
const unknown: Addresses = { ipv4: null, ipv6: null }

/** IP addresses of hosts. A resolver that hangs or fails gives none: who takes writes is told all the same. */
export class HostAddresses {
  readonly #names: Pick<Names, 'addresses'>
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>
  readonly #known = new Map<string, { readonly addresses: Addresses; readonly at: number }>()

  constructor(names: Pick<Names, 'addresses'>, clock: Pick<Clock, 'monotonic' | 'sleep'>) {
    this.#names = names
    this.#clock = clock
  }

  async of(host: string): Promise<Addresses> {
    const [known, now] = [this.#known.get(host), this.#clock.monotonic()]
    if (known !== undefined && now - known.at < keptMilliseconds) return known.addresses
    const found = this.#names.addresses(host).catch(() => null)
    const addresses = await Promise.race([found, this.#clock.sleep(lookupMilliseconds).then(() => null)])
    if (addresses === null) return known?.addresses ?? unknown
    if (this.#known.size >= hostsMax) this.#known.clear()
    this.#known.set(host, { addresses, at: now })
    return addresses
  }
}
