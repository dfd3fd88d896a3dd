/** A browser as far as signing in needs one: keeps the cookies of each site, and follows what it is sent to when it is told to. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async ask(address: string, how: { readonly form?: Readonly<Record<string, string>>; readonly accept?: string; readonly method?: string } = {}): Promise<Response> {
    const site = new URL(address).host
    const cookies = [...(this.#cookies.get(site) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(address, {
      redirect: 'manual', method: how.method ?? (how.form === undefined ? 'GET' : 'POST'), headers: { accept: how.accept ?? 'text/html', ...(cookies === '' ? {} : { cookie: cookies }) },
      ...(how.form === undefined ? {} : { body: new URLSearchParams(how.form) }),
    })
    const jar = this.#cookies.get(site) ?? new Map<string, string>()
    this.#cookies.set(site, jar)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  /** Follows until an answer is no redirection, or `until` says of the next address that it is far enough. */
  async follow(address: string, until: (address: string) => boolean = () => false): Promise<{ readonly address: string; readonly response: Response | null }> {
    for (let at = address, steps = 0; steps < 10; steps++) {
      if (until(at)) return { address: at, response: null }
      const response = await this.ask(at)
      const location = response.headers.get('location')
      if (location === null) return { address: at, response }
      at = new URL(location, at).href
    }
    throw new Error(`no end of redirections from ${address}`)
  }
}
