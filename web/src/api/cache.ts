import { makeQueryClient } from './queries.ts'

/** What this page knows of the server's state. */
export const cache = makeQueryClient()
