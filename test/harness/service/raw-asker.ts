import { connect } from 'node:net'
import type { OddRequest } from './odd-requests.ts'

export interface RawAnswer {
  readonly request: OddRequest
  /** 0: the connection was closed without an answer. */
  readonly status: number
  readonly body: string
}

/** A machine may give a test no time at all for long. */
const silentMilliseconds = 100_000

/** Sends requests one behind the other on one connection, and answers as many as came back: fewer where the server closed it. */
export function askRaw(address: string, requests: readonly OddRequest[]): Promise<readonly RawAnswer[]> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const answers: RawAnswer[] = []
    let bytes = Buffer.alloc(0)
    const end = (): void => {
      socket.destroy()
      resolve(answers)
    }
    socket.setTimeout(silentMilliseconds, () => {
      socket.destroy()
      reject(new Error(`no answer to ${JSON.stringify(requests[answers.length]?.says)}, got ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`))
    })
    socket.on('data', piece => {
      bytes = Buffer.concat([bytes, piece])
      for (let request = requests[answers.length]; request !== undefined; request = requests[answers.length]) {
        const answer = oneAnswer(bytes, request)
        if (answer === null) return
        answers.push({ request, status: answer.status, body: answer.body })
        bytes = bytes.subarray(answer.length)
      }
      end()
    })
    // A server may well close while we are still sending what is too long.
    socket.on('error', () => undefined)
    socket.on('close', end)
    socket.write(Buffer.concat(requests.map(request => request.bytes)))
  })
}

/** Sends one request after which the connection may be closed; what came first back counts. */
export async function askAlone(address: string, request: OddRequest): Promise<RawAnswer> {
  const [answer] = await askRaw(address, [{ ...request, method: 'HEAD' }])
  return answer ?? { request, status: 0, body: '' }
}

/** Null: not whole yet. All answers but streams of events say how long they are. */
function oneAnswer(bytes: Buffer, { method }: OddRequest): { readonly status: number; readonly body: string; readonly length: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.subarray(0, headEnd).toString('latin1')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? -1)
  const size = method === 'HEAD' ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  const length = headEnd + 4 + size
  return bytes.length < length ? null : { status, body: bytes.subarray(headEnd + 4, length).toString('utf8'), length }
}
