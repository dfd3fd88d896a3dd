import type { Reason } from '../../../src/kit/reason.ts'
import { hide, showIn, showInAddress } from '../anonymous/anonymous.ts'
import { noteStatus } from './signed-out.ts'

/** The server answered with an error, or did not answer (`status` 0). What a person needs to report it is all here. */
export class RequestFailure extends Error {
  readonly status: number
  readonly reason: Reason | null
  readonly address: string
  readonly at: number
  readonly requestId: string | null

  constructor(address: string, status: number, reason: Reason | null, text: string, requestId: string | null) {
    super(text)
    this.address = address
    this.status = status
    this.reason = reason
    this.at = Date.now()
    this.requestId = requestId
  }
}

const deadlineMilliseconds = 20_000
/** An act may wait for servers; what it does meanwhile comes by the stream. */
export const actDeadlineMilliseconds = 180_000

/** Sends and reads JSON. `accepted` are statuses whose body is an answer although they are errors (409: a refusal). */
export async function request<Answer>(
  address: string,
  body?: unknown,
  accepted: readonly number[] = [],
  deadline: number = deadlineMilliseconds,
): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(showInAddress(address), {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(showIn(body)),
      signal: AbortSignal.timeout(deadline),
      credentials: 'same-origin',
    })
  } catch (error) {
    throw new RequestFailure(address, 0, null, error instanceof Error ? error.message : String(error), null)
  }
  noteStatus(response.status)
  const text = await response.text()
  const parsed = hide(parse(text))
  if (parsed !== undefined && (response.ok || accepted.includes(response.status))) {
    // The edge: the contract's types say what our own server of the same version answers.
    return parsed as Answer
  }
  const reason = reasonIn(parsed)
  throw new RequestFailure(address, response.status, reason, reason?.text ?? (text.slice(0, 500) || response.statusText), response.headers.get('x-request-id'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isReason(value: unknown): value is Reason {
  return isRecord(value) && typeof value['code'] === 'string' && typeof value['text'] === 'string' && isRecord(value['parameters'])
}

function reasonIn(body: unknown): Reason | null {
  if (!isRecord(body)) return null
  for (const candidate of [body, body['refused'], body['failure'], body['error'], body['reason']]) if (isReason(candidate)) return candidate
  return null
}
