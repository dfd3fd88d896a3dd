import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isQuorum, leaveJoint, nextConfiguration, quorumIndex } from '../../src/model/raft/configuration.ts'
import type { Configuration, MemberId } from '../../src/model/raft/types.ts'

const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as MemberId[] // only here made by hand
const subsets = Array.from({ length: 2 ** all.length }, (_, mask) => mask)
const membersIn = (mask: number): MemberId[] => all.filter((_, place) => (mask & (1 << place)) !== 0)
const bit = new Map(all.map((member, place) => [member, 1 << place]))
const count = (mask: number): number => mask.toString(2).replaceAll('0', '').length
const holds = (mask: number) => (member: MemberId): boolean => (mask & (bit.get(member) ?? 0)) !== 0
const isMajority = (mask: number, of: number): boolean => 2 * count(mask & of) > count(of)

test('in every configuration of up to seven voters, joint or not, a quorum is more than half of each side', () => {
  let tried = 0
  for (const voters of subsets) {
    for (const outgoing of subsets) {
      const configuration: Configuration = { voters: membersIn(voters), outgoing: membersIn(outgoing), learners: [] }
      for (const mask of subsets) {
        const defined = voters !== 0 && isMajority(mask, voters) && (outgoing === 0 || isMajority(mask, outgoing))
        if (isQuorum(configuration, holds(mask)) !== defined) assert.fail(`${membersIn(mask).join()} in ${JSON.stringify(configuration)}`)
        tried += 1
      }
    }
  }
  assert.equal(tried, 2 ** 21)
})

test('the place that a quorum holds is the highest for which its holders are a quorum', () => {
  const random = seededRandom(1)
  for (const voters of subsets) {
    for (const outgoing of subsets) {
      const configuration: Configuration = { voters: membersIn(voters), outgoing: membersIn(outgoing), learners: [] }
      const matched = new Map(all.map(member => [member, Math.floor(random() * 6)]))
      const at = (member: MemberId): number => matched.get(member) ?? 0
      const defined = [5, 4, 3, 2, 1].find(index => isQuorum(configuration, member => at(member) >= index)) ?? 0
      assert.equal(quorumIndex(configuration, at), defined)
    }
  }
})

test('any quorum of a configuration and any quorum of the next one on the way have a member in common', () => {
  let pairs = 0
  // How the members of old and new overlap says everything, so that one of each shape is enough.
  for (let both = 0; both <= 7; both += 1) for (let gone = 0; both + gone <= 7; gone += 1) for (let added = 0; both + gone + added <= 7; added += 1) {
    const old = all.slice(0, both + gone)
    const wanted = [...all.slice(0, both), ...all.slice(both + gone, both + gone + added)]
    if (old.length === 0 || wanted.length === 0 || (gone === 0 && added === 0)) continue
    const before: Configuration = { voters: old, outgoing: [], learners: wanted.filter(member => !old.includes(member)) }
    const next = nextConfiguration(before, { voters: wanted, learners: [] }, 7)
    assert.ok('configuration' in next)
    const way = [before, next.configuration, leaveJoint(next.configuration)]
    assert.deepEqual(way[2]?.voters, wanted)
    way.slice(1).forEach((later, place) => {
      const earlier = way[place]
      assert.ok(earlier !== undefined)
      const [left, right] = [earlier, later].map(configuration => subsets.filter(mask => isQuorum(configuration, holds(mask))))
      for (const one of left ?? []) for (const other of right ?? []) {
        if ((one & other) === 0) assert.fail(`${membersIn(one).join()} and ${membersIn(other).join()} decide apart between ${JSON.stringify(earlier)} and ${JSON.stringify(later)}`)
        pairs += 1
      }
    })
  }
  assert.ok(pairs > 10_000)
})

test('a change that makes no sense is refused with its reason', () => {
  const [a, b, c] = all as [MemberId, MemberId, MemberId] // there are seven
  const now: Configuration = { voters: [a, b], outgoing: [], learners: [c] }
  const refusalOf = (voters: MemberId[], learners: MemberId[], from = now): unknown => {
    const next = nextConfiguration(from, { voters, learners }, 3)
    return 'refusal' in next ? next.refusal : null
  }
  assert.equal(refusalOf([], [a]), 'no-voters')
  assert.equal(refusalOf([a, a], []), 'member-twice')
  assert.equal(refusalOf([a], [a]), 'member-twice')
  assert.equal(refusalOf([b, a], [c]), 'nothing-to-change')
  assert.equal(refusalOf(all.slice(0, 4), []), 'too-many-voters')
  assert.equal(refusalOf([a], [], { ...now, outgoing: [a, b, c] }), 'change-in-progress')
})
