import { test } from 'node:test'
import { allHold } from './worlds.ts'

test('in simulated worlds 251 to 500, whatever goes wrong in them, every invariant holds', () => allHold(251, 250))
