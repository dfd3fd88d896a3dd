import { fail, ok, type Result } from '../../kit/result.ts'
import type { Pair, PublicationTarget, WriterEntry } from '../../ports/publication.ts'
import { httpRequest, type HttpAnswer, type HttpWish } from './request.ts'

export interface ConsulWish {
  readonly address: string
  readonly scheme: string
  readonly token: string
  /** All pairs of a cluster in as few transactions as the limit allows, each of which is done or not done. */
  readonly inTransactions: boolean
  readonly pairsPerTransaction: number
  /** In every site that Consul names, not in its own alone. */
  readonly everywhere: boolean
}

/** Null is the site of the Consul that is asked. */
type Site = string | null

/** Keys in Consul's key-value store. Source: Consul's documentation, "KV Store HTTP API", "Transactions HTTP API", "Catalog HTTP API". */
export class Consul implements PublicationTarget {
  readonly name: string
  readonly #wish: ConsulWish

  constructor(wish: ConsulWish) {
    this.#wish = wish
    this.name = `consul ${wish.address}`
  }

  async publish({ pairs }: WriterEntry, deadlineMilliseconds: number): Promise<Result<null, string>> {
    return this.#inEverySite(deadlineMilliseconds, site => (this.#wish.inTransactions && pairs.length > 1 ? this.#inTransactions(pairs, site, deadlineMilliseconds) : this.#oneByOne(pairs, site, deadlineMilliseconds)))
  }

  async says({ pairs }: WriterEntry, deadlineMilliseconds: number): Promise<Result<boolean, string>> {
    let same = true
    const read = await this.#inEverySite(deadlineMilliseconds, async site => {
      const answers = await Promise.all(pairs.map(async ({ key, value }) => ({ value, answer: await this.#ask({ method: 'GET', url: this.#keyUrl(key, site, 'raw'), deadlineMilliseconds }) })))
      for (const { value, answer } of answers) {
        if (!answer.ok) return answer
        if (answer.value.status === 404) same = false
        else if (answer.value.status !== 200) return refused(answer.value)
        else if (answer.value.body !== value) same = false
      }
      return ok(null)
    })
    return read.ok ? ok(same) : read
  }

  /** What readers look at most comes last, so that it never names somebody of whom the rest is not there yet (known-pains.md B4). */
  async #oneByOne(pairs: readonly Pair[], site: Site, deadlineMilliseconds: number): Promise<Result<null, string>> {
    const [main, ...rest] = pairs
    for (const pair of main === undefined ? [] : [...rest, main]) {
      const answer = await this.#ask({ method: 'PUT', url: this.#keyUrl(pair.key, site), body: pair.value, deadlineMilliseconds })
      if (!answer.ok) return answer
      if (answer.value.status !== 200 || answer.value.body.trim() !== 'true') return refused(answer.value)
    }
    return ok(null)
  }

  async #inTransactions(pairs: readonly Pair[], site: Site, deadlineMilliseconds: number): Promise<Result<null, string>> {
    const atMost = this.#wish.pairsPerTransaction
    const [main, ...rest] = pairs
    const ordered = main === undefined ? [] : [...rest, main]
    for (let from = 0; from < ordered.length; from += atMost) {
      const operations = ordered.slice(from, from + atMost).map(({ key, value }) => ({ KV: { Verb: 'set', Key: key, Value: Buffer.from(value).toString('base64') } }))
      const url = `${this.#base()}/v1/txn${site === null ? '' : `?dc=${encodeURIComponent(site)}`}`
      const answer = await this.#ask({ method: 'PUT', url, body: JSON.stringify(operations), headers: { 'content-type': 'application/json' }, deadlineMilliseconds })
      if (!answer.ok) return answer
      if (answer.value.status !== 200) return refused(answer.value)
    }
    return ok(null)
  }

  /** At the same time; the first failure names its site, and the others are told all the same. */
  async #inEverySite(deadlineMilliseconds: number, act: (site: Site) => Promise<Result<null, string>>): Promise<Result<null, string>> {
    if (!this.#wish.everywhere) return act(null)
    const asked = await this.#ask({ method: 'GET', url: `${this.#base()}/v1/catalog/datacenters`, deadlineMilliseconds })
    if (!asked.ok) return asked
    if (asked.value.status !== 200) return refused(asked.value)
    const sites = textsOf(asked.value.body)
    if (sites === null || sites.length === 0) return fail(`consul ${this.#wish.address} names no data center`)
    const answers = await Promise.all(sites.map(async site => ({ site, answer: await act(site) })))
    const failed = answers.flatMap(({ site, answer }) => (answer.ok ? [] : [`data center ${site}: ${answer.failure}`]))
    return failed.length === 0 ? ok(null) : fail(failed.join('; '))
  }

  /** The certificate is not verified, as it never was: agents mostly have one of their own making (contract kv-stores.md 2). */
  #ask(wish: HttpWish): Promise<Result<HttpAnswer, string>> {
    const { token } = this.#wish
    return httpRequest({ ...wish, trustsAll: true, headers: { ...wish.headers, ...(token === '' ? {} : { 'x-consul-token': token }) } })
  }

  #base(): string {
    return `${this.#wish.scheme}://${this.#wish.address}`
  }

  #keyUrl(key: string, site: Site, flag = ''): string {
    const query = [...(site === null ? [] : [`dc=${encodeURIComponent(site)}`]), ...(flag === '' ? [] : [flag])].join('&')
    return `${this.#base()}/v1/kv/${key.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`
  }
}

const refused = ({ status, body }: HttpAnswer): Result<never, string> => fail(`consul answered ${status}: ${body.trim().slice(0, 300)}`)

function textsOf(body: string): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(body)
    return Array.isArray(parsed) && parsed.every(entry => typeof entry === 'string') ? parsed : null
  } catch {
    return null
  }
}
