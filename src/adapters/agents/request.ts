import type { RequestOptions } from 'node:https'
import { fail, ok, type Result } from '../../kit/result.ts'

export interface AgentRequest {
  readonly host: string
  readonly port: number
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Null: plain HTTP. */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'> | null
  readonly deadlineMilliseconds: number
}

export interface AgentRequestFailure {
  readonly text: string
  /** Nobody listens there, or nobody answers: further questions are useless now. */
  readonly isUnreachable: boolean
}

const bytesMax = 1 << 20

/** One GET and its whole answer within the deadline. The failure never carries the path: a token stands in it. */
export function agentRequest({ host, port, path, headers, tls, deadlineMilliseconds }: AgentRequest): Promise<Result<{ readonly status: number; readonly body: string }, AgentRequestFailure>> {
  return new Promise(resolve => {
    let isOver = false
    const settle = (answer: Result<{ readonly status: number; readonly body: string }, AgentRequestFailure>): void => {
      if (isOver) return
      isOver = true
      clearTimeout(late)
      resolve(answer)
      if (!answer.ok) sent.destroy()
    }
    const lost = (text: string): void => settle(fail({ text: `${host}:${port}: ${text}`, isUnreachable: true }))
    const late = setTimeout(() => lost(`no answer within ${deadlineMilliseconds / 1000} s`), deadlineMilliseconds)
    const options: RequestOptions = { host: host.replace(/^\[(.*)\]$/, '$1'), port, path, method: 'GET', headers, agent: false, ...tls }
    // An import of these modules costs each start of a command 60 ms; few commands ask an agent.
    const { request } = tls === null ? process.getBuiltinModule('node:http') : process.getBuiltinModule('node:https')
    const sent = request(options, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > bytesMax) settle(fail({ text: `${host}:${port}: the answer is longer than ${bytesMax} bytes`, isUnreachable: false }))
        else chunks.push(chunk)
      })
      answer.on('end', () => settle(ok({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })))
      answer.on('error', error => lost(error.message))
    })
    sent.on('error', error => lost(error.message))
    sent.end()
  })
}
