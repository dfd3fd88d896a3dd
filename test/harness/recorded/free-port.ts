import { createServer } from 'node:net'

/** A port of a host that nothing listens on now; for hosts of a test's own, which nobody else listens on. */
export async function freePort(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  const address = server.address()
  await new Promise<void>(resolve => server.close(() => resolve()))
  if (typeof address !== 'object' || address === null) throw new Error('a port was given no number')
  return address.port
}
