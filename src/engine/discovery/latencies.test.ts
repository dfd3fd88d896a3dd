import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { Latencies } from './latencies.ts'

test('the usual latency follows quicker answers at once and slower ones little by little', () => {
  const [latencies, key] = [new Latencies(), instanceKey('db1', 3306)]
  assert.equal(latencies.of(key), 0)
  latencies.note(key, 800) // with the login
  latencies.note(key, 40)
  assert.equal(latencies.of(key), 40)
  latencies.note(key, 360)
  assert.equal(latencies.of(key), 80)
  for (let index = 0; index < 100; index += 1) latencies.note(key, 360)
  assert.ok(latencies.of(key) > 350)
  latencies.drop(key)
  assert.equal(latencies.of(key), 0)
})
