import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from './failures.ts'
import { isGreeting } from './socket.ts'

const error = (facts: { code?: string; errno?: number; message?: string }): Error => Object.assign(new Error(facts.message ?? ''), facts)

test('errors are told apart by number, else by code, whatever their text says', () => {
  const kinds = [
    error({ errno: 1045, code: 'ER_ACCESS_DENIED_ERROR', message: 'connect timeout refused' }), error({ errno: 1040 }), error({ errno: 1203 }), error({ errno: 1227 }),
    error({ errno: 1142 }), error({ errno: 1064 }), error({ errno: 3159 }), error({ errno: 1053 }), error({ errno: 4031 }),
    error({ code: 'ECONNREFUSED', errno: -111 }), error({ code: 'ENOTFOUND', errno: -3008 }), error({ code: 'EHOSTUNREACH', errno: -113 }),
    error({ code: 'ECONNRESET', errno: -104 }), error({ code: 'ETIMEDOUT', errno: -110 }), error({ code: 'PROTOCOL_CONNECTION_LOST' }), error({ code: 'HANDSHAKE_SSL_ERROR' }),
    error({ message: 'something else' }),
  ].map(met => failureOf(met).kind)
  assert.deepEqual(kinds, [
    'access-denied', 'too-many-connections', 'too-many-connections', 'privilege-missing',
    'privilege-missing', 'statement-rejected', 'access-denied', 'connection-lost', 'connection-lost',
    'refused', 'name-unknown', 'unreachable', 'connection-lost', 'timeout', 'connection-lost', 'configuration', 'connection-lost',
  ])
})

test('a missing privilege names the grant, for the account we are', () => {
  assert.equal(failureOf(error({ errno: 1227 }), { needs: 'PROCESS ON *.*', account: "'o'@'%'" }).grant, "GRANT PROCESS ON *.* TO 'o'@'%'")
  assert.equal(failureOf(error({ errno: 1227 })).grant, undefined)
  assert.equal(failureOf(error({ errno: 1064 }), { needs: 'PROCESS ON *.*' }).grant, undefined)
})

test('a greeting is recognised by its head', () => {
  const packet = (...bytes: number[]): Buffer => Buffer.from([...bytes, ...Array.from({ length: 80 }, () => 65)])
  assert.equal(isGreeting(packet(74, 0, 0, 0, 10)), true)
  assert.equal(isGreeting(packet(23, 0, 0, 0, 255)), true) // too many connections, host blocked
  assert.equal(isGreeting(packet(74, 0, 0, 1, 10)), false)
  for (const other of ['SSH-2.0-OpenSSH_9.2\r\n', 'HTTP/1.1 400 Bad Request\r\n', '220 mail ESMTP\r\n', '+OK\r\n', 'x']) assert.equal(isGreeting(Buffer.from(other)), false, other)
})
