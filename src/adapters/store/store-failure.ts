/** Why a store could not be opened. `text` is a sentence that names the file or the server. */
export interface StoreFailure {
  readonly kind:
    | 'folder-missing'
    | 'not-a-database' // a file of another program
    | 'foreign-database' // a database, with tables of another program and none of ours
    | 'read-only'
    | 'locked' // another program holds it
    | 'unreachable' // nothing answers at the address of the backend
    | 'access-denied'
    | 'different-deployment' // PanicIfDifferentDatabaseDeploy
    | 'failed'
  readonly text: string
}
