import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { freePort } from '../../../test/harness/recorded/free-port.ts'
import type { Request } from '../exchange.ts'
import { fromStore } from './store-away.ts'

const request: Request = {
  method: 'GET', path: '/', query: new URLSearchParams(), headers: {}, remoteAddress: '', isSecure: false, person: { user: '', mayWrite: true, whyNot: null }, mayChange: true, askedThrough: null,
  body: () => Promise.resolve(''),
}

async function answered(read: () => Promise<never>): Promise<readonly [number, { readonly code: string; readonly parameters: { readonly text: string }; readonly text: string }]> {
  const answer = await fromStore(read)(request, {})
  assert.ok('body' in answer)
  return [answer.status, JSON.parse(String(answer.body))]
}

test('while MySQL is away, or SQLite cannot be read, whoever reads the store is told so with status 503', async () => {
  const host = '127.0.31.63'
  const port = await freePort(host)
  const [status, away] = await answered(() => new Promise<never>((_resolve, reject) => connect({ host, port }).once('error', reject)))
  assert.deepEqual([status, away.code, away.text], [503, 'store-unread', `The managers' database cannot be read: connect ECONNREFUSED ${host}:${port}`])
  const database = new DatabaseSync(':memory:')
  const [also, unread] = await answered(async () => { throw (() => { try { return database.prepare('select 1 from gone') } catch (error) { return error } })() })
  assert.deepEqual([also, unread.parameters.text], [503, 'no such table: gone'])
  database.close()
  const lost = Object.assign(new Error('', { cause: 'both addresses' }), { code: 'ECONNREFUSED' })
  assert.equal((await answered(() => Promise.reject(lost)))[1].parameters.text, 'ECONNREFUSED')
  assert.equal((await answered(() => Promise.reject(Object.assign(new Error('closed state'), { fatal: true }))))[0], 503)
})

test('a mistake of our own is not laid on the store', async () => {
  for (const fault of [new TypeError('x is undefined'), new Error('something else'), Object.assign(new Error('bad argument'), { code: 'ERR_ASSERTION' })]) {
    await assert.rejects(answered(() => Promise.reject(fault)), fault)
  }
})
