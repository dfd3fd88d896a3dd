import { fail, ok, type Result } from '../../kit/result.ts'

export interface HttpWish {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly deadlineMilliseconds: number
  /** Take any certificate. */
  readonly trustsAll?: boolean
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

const bytesMax = 4 * 1024 * 1024

/** One request and its whole answer within the deadline; the failure is a sentence. */
export function httpRequest({ method, url, headers = {}, body, deadlineMilliseconds, trustsAll = false }: HttpWish): Promise<Result<HttpAnswer, string>> {
  return new Promise(resolve => {
    let isOver = false
    const settle = (answer: Result<HttpAnswer, string>): void => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      resolve(answer)
      if (!answer.ok) sent.destroy()
    }
    const late = setTimeout(() => settle(fail(`${new URL(url).host} did not answer within ${deadlineMilliseconds} ms`)), deadlineMilliseconds)
    // An import of these modules costs each start of a command 60 ms; few commands publish anything.
    const { request } = url.startsWith('https:') ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http')
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(url, { method, headers: { ...headers, ...length }, agent: false, ...(trustsAll ? { rejectUnauthorized: false } : {}) }, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > bytesMax) settle(fail(`the answer of ${new URL(url).host} is too long`))
        else chunks.push(chunk)
      })
      answer.on('end', () => settle(ok({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })))
      answer.on('error', error => settle(fail(error.message)))
    })
    sent.on('error', error => settle(fail(`${new URL(url).host}: ${error.message}`)))
    sent.end(body)
  })
}
