/** `host:port`, `[address]:port`. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  const port = Number(address.slice(colon + 1))
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  if (colon < 1 || host === '' || !Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`${JSON.stringify(address)} is no address: host:port is expected`)
  return { host, port }
}
