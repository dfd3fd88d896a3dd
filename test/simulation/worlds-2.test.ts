import { test } from 'node:test'
import { allHold } from './worlds.ts'

test('in simulated worlds 201 to 400, whatever goes wrong in them, every invariant holds', () => allHold(201, 200))
