import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OddRequest, oddRequest } from '../harness/service/odd-requests.ts'
import { askAlone, askRaw, type RawAnswer } from '../harness/service/raw-asker.ts'
import { triedService } from '../harness/service/service.ts'

/** `REQUESTS=100000 SEED=7 node --test …` asks more of them, and others. */
const [count, firstSeed] = [Number(process.env['REQUESTS'] ?? 10_000), Number(process.env['SEED'] ?? 1)]
const perConnection = 25
const reader = `Authorization: Basic ${Buffer.from('readonly:x').toString('base64')}`

const expected: ReadonlySet<number> = new Set([0, 200, 302, 400, 401, 403, 404, 408, 409, 413, 429, 431, 503])

/** Null: refused, answered, or a clear error in the form in which scripts expect one. */
function wrongWith({ request, status, body }: RawAnswer): string | null {
  if (status === 0 ? request.mayEnd : expected.has(status)) return null
  if (status === 500 && /^\{"Code":"ERROR","Message":".+","Details":/.test(body)) return null
  return `${JSON.stringify(request.says)} was answered ${status} ${body.slice(0, 200)}`
}

test('ten thousand requests that nobody should send are answered with clear errors, change nothing and harm nobody', async () => {
  await using service = await triedService({ AuthenticationMethod: 'multi', HTTPAuthUser: 'alice', HTTPAuthPassword: 'secret' })
  const before = service.rows()
  const wrong: string[] = []
  let asked = 0
  const requests = Array.from({ length: count }, (_, index) => oddRequest(firstSeed * 1_000_003 + index, [reader, reader, '', 'X-Nobody: 1']))
  const note = (answer: RawAnswer): void => {
    asked++
    const found = wrongWith(answer)
    if (found !== null && wrong.length < 10) wrong.push(found)
  }
  const plain = requests.filter(({ mayEnd }) => !mayEnd)
  const batches = Array.from({ length: Math.ceil(plain.length / perConnection) }, (_, index) => plain.slice(index * perConnection, (index + 1) * perConnection)).values()
  const alone = requests.filter(({ mayEnd }) => mayEnd).values()
  const sendBatch = async (batch: readonly OddRequest[]): Promise<void> => {
    for (let left = batch; left.length > 0;) {
      const answers = await askRaw(service.address, left)
      for (const answer of answers) note(answer)
      assert.ok(answers.length > 0, `no answer to ${JSON.stringify(left[0]?.says)}`)
      left = left.slice(answers.length)
    }
  }
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const batch of batches) await sendBatch(batch)
    for (const request of alone) note(await askAlone(service.address, request))
  }))
  assert.deepEqual(wrong, [])
  assert.equal(asked, count)
  assert.deepEqual(service.faults, [])
  assert.deepEqual(service.rows(), before)
  const after = await fetch(`${service.address}/api/status`, { headers: { authorization: reader.replace('Authorization: ', '') } })
  assert.equal(after.status, 200)
})
