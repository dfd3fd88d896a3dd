import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MemberId } from '../../../model/raft/types.ts'
import type { RaftIdentity } from '../../../ports/raft-disk.ts'
import { replaceFile } from './durable-file.ts'

const fileName = 'member.json'
const formatVersion = 1

export type ReadIdentity = { readonly identity: RaftIdentity | null } | { readonly file: string; readonly what: string }

/** Whose disk this is: the last file that is written when a member begins, so that without it there is nothing. */
export async function readIdentity(folder: string): Promise<ReadIdentity> {
  let text: string
  try {
    text = await readFile(join(folder, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { identity: null } // what Node throws here carries a code
    throw error
  }
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { file: fileName, what: 'is not JSON' }
  }
  const { format, member, group } = (given ?? {}) as { format?: unknown; member?: unknown; group?: unknown } // any JSON value may be asked for fields but null
  if (format !== formatVersion) return { file: fileName, what: `is of format ${JSON.stringify(format)}; this version reads format ${formatVersion}` }
  if (typeof member !== 'string' || member === '' || typeof group !== 'string' || group === '') return { file: fileName, what: 'names no member or no group' }
  return { identity: { member: member as MemberId, group } } // this is where ids come from
}

export function writeIdentity(folder: string, { member, group }: RaftIdentity): Promise<void> {
  return replaceFile(join(folder, fileName), Buffer.from(`${JSON.stringify({ format: formatVersion, member, group }, null, 2)}\n`))
}
