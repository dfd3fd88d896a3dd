/** Only where nobody else can listen. */
export const isLoopback = (address: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address.hostname)

/** What a provider says is believed only through TLS, or from this machine itself. */
export function isIssuerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const address = new URL(text)
  return address.protocol === 'https:' || (address.protocol === 'http:' && isLoopback(address))
}
