import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonsOf } from './reason-table.ts'

const reason = reasonsOf({ 'too-far': '{server} is {seconds} s behind', plain: 'nothing to say' })

test('a reason carries its code, its parameters and the sentence with the parameters in it', () => {
  assert.deepEqual(reason('too-far', { server: 'db1:3306', seconds: 4 }), {
    code: 'too-far',
    parameters: { server: 'db1:3306', seconds: 4 },
    text: 'db1:3306 is 4 s behind',
  })
})

test('parameters beyond the text are kept, and a value with braces is not read as a parameter', () => {
  assert.deepEqual(reason('plain', { until: 7 }), { code: 'plain', parameters: { until: 7 }, text: 'nothing to say' })
  assert.equal(reason('too-far', { server: '{seconds}', seconds: 1 }).text, '{seconds} is 1 s behind')
})

test('a forgotten parameter does not compile', () => {
  // @ts-expect-error seconds is missing
  assert.equal(reason('too-far', { server: 'db1:3306' }).text, 'db1:3306 is {seconds} s behind')
})
