import { randomBytes } from 'node:crypto'
import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { Handler } from '../handler.ts'

const tokenBytes = 32

/** The secret is made in the form in which the original takes it, should it be the one that hands it out. */
const accessToken: Handler<Contract['access-token']> = async ({ owner }, parts, { by }) => {
  const publicToken = randomBytes(tokenBytes).toString('hex')
  await parts.store.accessTokens.issue({
    publicToken, secret: randomBytes(tokenBytes).toString('hex'), generatedAt: parts.clock.now(), owner: owner === undefined || owner === '' ? by : owner, isAcquired: false, isReentrant: false,
  })
  return ok({ publicToken })
}

export const accessTokenHandlers = { 'access-token': accessToken }
