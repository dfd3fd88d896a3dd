import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Keeps a second process out of the folder for as long as this one lives. Node has no file locks of its own, SQLite's are those of the kernel: they end with
 * the process, however it ends, and a frozen process keeps them.
 */
export class FolderLock {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Null when somebody else holds it. */
  static take(folder: string): FolderLock | null {
    const database = new DatabaseSync(join(folder, 'lock.sqlite3'))
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
      return new FolderLock(database)
    } catch (error) {
      database.close()
      if ((error as { errcode?: number }).errcode === sqliteBusy) return null // node:sqlite puts SQLite's result code there
      throw error
    }
  }

  release(): void {
    this.#database.close()
  }
}

const sqliteBusy = 5
