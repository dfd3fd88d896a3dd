import type { Agent as PlainAgent, IncomingMessage, request as plainRequest } from 'node:http'
import type { Agent as TlsAgent } from 'node:https'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { EtcdOptions } from './options.ts'

export interface GatewayAnswer {
  readonly status: number
  readonly body: string
}

/** The JSON gateway of one member of etcd, over connections that stay open. Source: etcd documentation, "Why gRPC gateway". */
export class EtcdConnection {
  readonly endpoint: string
  readonly #limits: EtcdOptions['limits']
  readonly #agent: PlainAgent | TlsAgent
  readonly #request: typeof plainRequest
  readonly #tls: EtcdOptions['tls']

  constructor(endpoint: string, { tls, limits }: EtcdOptions) {
    this.endpoint = endpoint
    this.#limits = limits
    this.#tls = tls
    const options = { keepAlive: true, maxSockets: limits.connectionsMax, maxFreeSockets: limits.connectionsMax }
    const isTls = endpoint.startsWith('https:')
    // An import of these modules costs each start of a command 60 ms; few commands ask an etcd.
    const [plain, secured] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')]
    this.#agent = isTls ? new secured.Agent({ ...options, ...tls }) : new plain.Agent(options)
    this.#request = isTls ? secured.request : plain.request
  }

  /** The whole answer within the time; the failure is a sentence that names the member. */
  ask(path: string, body: string, token: string | null, milliseconds: number): Promise<Result<GatewayAnswer, string>> {
    return new Promise(resolve => {
      const settle = (answer: Result<GatewayAnswer, string>): void => {
        clearTimeout(late)
        resolve(answer)
        if (!answer.ok) sent.destroy()
      }
      const late = setTimeout(() => settle(fail(`${this.endpoint} did not answer within ${milliseconds} ms`)), milliseconds)
      const sent = this.#send(path, body, token, this.#agent, answer => {
        const chunks: Buffer[] = []
        let bytes = 0
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > this.#limits.answerBytesMax) settle(fail(`${this.endpoint}: an answer of more than ${this.#limits.answerBytesMax} bytes`))
          else chunks.push(chunk)
        })
        answer.on('end', () => settle(ok({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })))
        answer.on('error', error => settle(fail(`${this.endpoint}: ${error.message}`)))
      })
      sent.on('error', error => settle(fail(`${this.endpoint}: ${error.message}`)))
    })
  }

  /** Lines of an answer that does not end by itself, on a connection of its own. `ended` is told once, unless the caller has stopped it. */
  listen(path: string, body: string, token: string | null, events: { line(text: string): void; ended(why: string): void }): () => void {
    let isOver = false
    const end = (why: string): void => {
      if (isOver) return
      isOver = true
      sent.destroy()
      events.ended(`${this.endpoint}: ${why}`)
    }
    const sent = this.#send(path, body, token, false, answer => {
      let rest = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (!isOver && line.trim() !== '') events.line(line)
        if (rest.length > this.#limits.watchLineBytesMax) end(`a line of more than ${this.#limits.watchLineBytesMax} bytes`)
      })
      answer.on('end', () => {
        if (!isOver && rest.trim() !== '') events.line(rest)
        end('it has ended the watch')
      })
      answer.on('error', error => end(error.message))
    })
    sent.on('error', error => end(error.message))
    sent.setSocketKeepAlive(true, 1000)
    return () => {
      isOver = true
      sent.destroy()
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #send(path: string, body: string, token: string | null, agent: PlainAgent | TlsAgent | false, answered: (answer: IncomingMessage) => void): ReturnType<typeof plainRequest> {
    const sent = this.#request(`${this.endpoint}${path}`, {
      ...(agent === false ? this.#tls : {}), // an agent brings its own
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)),
        // A member that has no leader says so at once instead of waiting (etcd's rpctypes: MetadataRequireLeaderKey).
        'grpc-metadata-hasleader': 'true',
        ...(token === null ? {} : { authorization: token }),
      },
    }, answered)
    sent.end(body)
    return sent
  }
}
