import { type Answer, type Person, plainText } from '../exchange.ts'
import type { HttpSettings } from '../settings.ts'
import type { Asker } from './authentication.ts'
import type { Guesses } from './guesses.ts'
import { digestOf, isSameText } from './same-text.ts'

type Pair = { readonly user: string; readonly password: string }

/** HTTP basic authentication against the one configured pair; under `multi` a second user may read. */
export class Passwords {
  readonly #settings: HttpSettings
  readonly #guesses: Guesses
  /** Digest of the pair that was right last: it need not wait for what others behind its address guessed. */
  #right = ''

  constructor(settings: HttpSettings, guesses: Guesses) {
    this.#settings = settings
    this.#guesses = guesses
  }

  basic = (asker: Asker): Person | Answer => this.#checked(asker, given => this.#configured(given))

  multi = (asker: Asker): Person | Answer =>
    this.#checked(asker, given => {
      if (given.user !== 'readonly') return this.#configured(given)
      const { readOnlyPassword: wanted } = this.#settings
      return wanted === '' || isSameText(given.password, wanted) ? { user: 'readonly', mayWrite: false, whyNot: 'read-only-user' } : null
    })

  #checked({ headers, remoteAddress }: Asker, judge: (given: Pair) => Person | null): Person | Answer {
    const given = basicCredentials(headers.authorization)
    // Asked without credentials, as every browser does first: no guess.
    if (given === null) return notAuthorized()
    const digest = digestOf(`${given.user}\0${given.password}`).toString('base64')
    const person = judge(given)
    if (person === null) this.#guesses.failed(remoteAddress)
    const wait = person !== null && digest === this.#right ? 0 : this.#guesses.waitSeconds(remoteAddress)
    if (wait > 0) return plainText('429 Too Many Requests\n', 429, { 'Retry-After': String(wait) })
    if (person === null) return notAuthorized()
    this.#right = digest
    return person
  }

  #configured(given: Pair): Person | null {
    const user = isSameText(given.user, this.#settings.user)
    const password = isSameText(given.password, this.#settings.password)
    return user && password ? { user: given.user, mayWrite: true, whyNot: null } : null
  }
}

const notAuthorized = (): Answer => plainText('Not Authorized\n', 401, { 'WWW-Authenticate': 'Basic realm="Authorization Required"' })

function basicCredentials(header: string | undefined): Pair | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]*)$/.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
