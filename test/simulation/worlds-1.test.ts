import { test } from 'node:test'
import { allHold } from './worlds.ts'

test('in simulated worlds 1 to 250, whatever goes wrong in them, every invariant holds', () => allHold(1, 250))
