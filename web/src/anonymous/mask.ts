/** What is hidden behind a name of the same kind, the same one each time. */
type Kind = 'server' | 'alias' | 'cluster' | 'site' | 'region' | 'tag' | 'pool' | 'domain'

/** Fields that hold words of the program, which may be spelled as a name is. */
const wordFields: ReadonlySet<string> = new Set([
  'action', 'act', 'applier', 'binlogFormat', 'binlogRowImage', 'code', 'event', 'flavour', 'gtid', 'gtidMode', 'kind', 'method', 'operation', 'outcome', 'promotionRule', 'receiver', 'role', 'severity',
  'stage', 'state', 'verdict', 'version',
])
/** Fields whose values are names, by what they name. Lists of them too. */
const nameFields: Readonly<Record<string, Kind>> = {
  host: 'server', hostname: 'server', alias: 'alias', clusterAlias: 'cluster', dataCenter: 'site', region: 'region', tags: 'tag', pools: 'pool', pool: 'pool', domain: 'domain',
}
/** Names of these are words in other texts too, so they are hidden only in their own fields. */
const ownFieldOnly: ReadonlySet<Kind> = new Set(['site', 'region', 'tag', 'pool'])

/** Hides names of servers, clusters, sites, tags and pools in what comes from the program, and puts them back in what goes to it. */
export class Mask {
  readonly #masks = new Map<string, string>()
  readonly #names = new Map<string, string>()
  /** Names that are no single word. */
  #phrases: readonly string[] = []

  /** A copy with every known name hidden. Names that the value itself brings are learnt first. */
  hide(value: unknown): unknown {
    this.#learn(value, '')
    return this.#hidden(value, '')
  }

  /** A text with every name in its place again. */
  show(text: string): string {
    return text.replace(/\b(?:server|alias|cluster|site|region|tag|pool|domain)-[a-z0-9]+/g, mask => this.#names.get(mask) ?? mask)
  }

  /** An address of the program, whose names are written as addresses write them. */
  showInAddress(address: string): string {
    return address.replace(/\b(?:server|alias|cluster|site|region|tag|pool|domain)-[a-z0-9]+/g, mask => {
      const name = this.#names.get(mask)
      return name === undefined ? mask : encodeURIComponent(name)
    })
  }

  showIn(value: unknown): unknown {
    if (typeof value === 'string') return this.show(value)
    if (Array.isArray(value)) return value.map(each => this.showIn(each))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.show(key), this.showIn(each)]))
  }

  #learn(value: unknown, field: string): void {
    if (typeof value === 'string') {
      const kind = nameFields[field]
      if (kind !== undefined) this.#maskOf(kind, value)
      // A source that is not known itself is named by host and port.
      else if (field === 'source' || field === 'clusterName') this.#maskOf('server', value.replace(/:\d+$/, ''))
    } else if (Array.isArray(value)) for (const each of value) this.#learn(each, field)
    else if (typeof value === 'object' && value !== null) {
      const isCluster = 'members' in value || 'recoversPrimary' in value
      for (const [key, each] of Object.entries(value)) this.#learn(each, isCluster && key === 'alias' ? 'clusterAlias' : key)
    }
  }

  #maskOf(kind: Kind, name: string): string {
    const id = ownFieldOnly.has(kind) ? `${kind} ${name}` : name
    const known = this.#masks.get(id)
    if (known !== undefined || name === '') return known ?? name
    // A cluster without an alias is called by host and port.
    if (kind === 'cluster' && /:\d+$/.test(name)) return name
    let mask = ''
    for (let salt = 0; mask === '' || this.#names.has(mask); salt += 1) mask = `${kind}-${shortHash(`${name} ${salt}`)}`
    this.#masks.set(id, mask)
    this.#names.set(mask, name)
    if (!ownFieldOnly.has(kind) && !/^[\w.-]+$/.test(name)) this.#phrases = [...this.#phrases, name].toSorted((left, right) => right.length - left.length)
    return mask
  }

  #hidden(value: unknown, field: string): unknown {
    if (typeof value === 'string') {
      const kind = nameFields[field]
      if (kind !== undefined && ownFieldOnly.has(kind)) return this.#maskOf(kind, value)
      return wordFields.has(field) ? value : this.#hiddenText(value)
    }
    if (Array.isArray(value)) return value.map(each => this.#hidden(each, field))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [/:\d+$/.test(key) ? this.#hiddenText(key) : key, this.#hidden(each, key)]))
  }

  #hiddenText(text: string): string {
    const without = this.#phrases.reduce((left, phrase) => left.replaceAll(phrase, this.#masks.get(phrase) ?? phrase), text)
    return without.replace(/[\w.-]+/g, word => {
      const bare = word.replace(/[.-]+$/, '')
      const mask = this.#masks.get(word) ?? this.#masks.get(bare)
      return mask === undefined ? word : mask + (this.#masks.has(word) ? '' : word.slice(bare.length))
    })
  }
}

/** FNV-1a, in few letters. The same name has the same mask in every browser, so that a link can be sent. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(36).padStart(5, '0').slice(-5)
}
