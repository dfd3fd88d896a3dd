import type { AskPassphrase } from '../http/tls/server-tls.ts'

/** Asks on the terminal, and does not show what is typed. Null: there is none. */
export const askPassphrase: AskPassphrase = file => {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return Promise.resolve(null)
  stderr.write(`Password for ${file}: `)
  stdin.setRawMode(true)
  return new Promise(resolve => {
    let typed = ''
    const end = (result: string | null): void => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      resolve(result)
    }
    const take = (piece: Buffer): void => {
      for (const sign of piece.toString('utf8')) {
        if (sign === '\r' || sign === '\n') return end(typed)
        if (sign === '\u0003' || sign === '\u0004') return end(null)
        typed = sign === '\u007f' || sign === '\b' ? typed.slice(0, -1) : typed + sign
      }
    }
    stdin.on('data', take)
    stdin.resume()
  })
}
