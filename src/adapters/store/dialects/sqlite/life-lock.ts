import { DatabaseSync } from 'node:sqlite'

export interface LifeHolder {
  readonly hostname: string
  readonly token: string
}

/** Held from the start of a process to its end, however it ends. */
export interface LifeLock {
  /** Who held it before, and surely does not live any more; null: nobody did. */
  readonly former: LifeHolder | null
  release(): void
}

/**
 * Takes a lock beside the database file that the operating system frees when this process ends, even by kill -9. Whoever gets it knows that the
 * process that wrote its name there is dead, and need not wait until its lease in the store is over. `held`: another process lives and has it.
 * SQLite manual, "PRAGMA locking_mode": in EXCLUSIVE mode the lock of the first write is kept until the connection is closed.
 */
export function takeLifeLock(databaseFile: string, holder: LifeHolder): LifeLock | 'held' | { readonly failure: string } {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(`${databaseFile}-life`, { timeout: 0 })
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = delete; pragma synchronous = normal; begin exclusive')
    database.exec('create table if not exists holder (hostname text not null, token text not null)')
    const row = database.prepare('select hostname, token from holder').get()
    database.exec('delete from holder')
    database.prepare('insert into holder (hostname, token) values (?, ?)').run(holder.hostname, holder.token)
    database.exec('commit')
    const held = database
    return { former: row === undefined ? null : { hostname: String(row['hostname']), token: String(row['token']) }, release: () => held.close() }
  } catch (error) {
    if (database?.isOpen) database.close()
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
    return isBusy ? 'held' : { failure: error instanceof Error ? error.message : String(error) }
  }
}

const sqliteBusy = 5 // SQLITE_BUSY
