import { fail, ok, type Result } from '../kit/result.ts'

/** `:3000`, `127.0.0.1:3000`, `[::1]:3000`, `3000`; port 0 takes a free one. */
export function parseListenAddress(text: string): Result<{ readonly host: string; readonly port: number }, string> {
  const [, bracketed, host = '', port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(/^\d+$/.test(text) ? `:${text}` : text) ?? []
  if (port === undefined || Number(port) > 65535) return fail(`ListenAddress ${JSON.stringify(text)} is not host:port`)
  return ok({ host: bracketed ?? host, port: Number(port) })
}
