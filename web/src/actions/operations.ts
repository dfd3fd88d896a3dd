import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { OperationView } from '../../../src/contract/views.ts'
import { queries } from '../api/queries.ts'
import type { OpenDialog, PlanRequest } from './dialogs.ts'

const lookAgainMilliseconds = 2_000

/** The operation of a number while it runs and after; the stream brings its steps, and a look every 2 s covers a stream that is away. */
export function useOperation(number: number | null): OperationView | null {
  const cache = useQueryClient()
  const { data } = useQuery({ ...queries.operations, enabled: number !== null })
  const operation = number === null ? null : (data?.find(each => each.number === number) ?? null)
  const isOver = operation !== null && operation.state !== 'running'
  useEffect(() => {
    if (number === null || isOver) return
    const timer = setInterval(() => void cache.invalidateQueries({ queryKey: ['operations'] }), lookAgainMilliseconds)
    return () => clearInterval(timer)
  }, [cache, number, isOver])
  return operation
}

/** What this page started: how to call it when it has ended, the way back, and how to ask again. Bounded by what one person starts in one page. */
const started = new Map<number, Started>()

export interface Started {
  readonly request: PlanRequest
  /** Who follows whom now, when it was one move. */
  readonly moved: { readonly server: string; readonly source: string } | null
  readonly undo: OpenDialog | null
}

export const rememberStarted = (operation: number, what: Started): void => {
  started.set(operation, what)
}
export const startedHere = (operation: number): Started | null => started.get(operation) ?? null
