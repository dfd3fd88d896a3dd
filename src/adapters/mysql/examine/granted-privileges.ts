/** What SHOW GRANTS gives on all schemas, in capital letters. Privileges with columns, and those on schemas and of roles by name, are left out. */
export function grantedPrivileges(grants: readonly string[]): readonly string[] {
  const granted = grants.flatMap(grant => {
    const [, list] = /^GRANT (.+?) ON \*\.\* TO /i.exec(grant) ?? []
    return list === undefined ? [] : list.split(',').map(name => name.trim().toUpperCase())
  })
  const has = new Set(granted.map(name => namesOfMariadb[name] ?? name))
  has.delete('USAGE')
  // An account that may do nothing still holds USAGE: the server did tell.
  return has.size === 0 && granted.length > 0 ? ['USAGE'] : [...has].sort()
}

/** MariaDB knows some privileges by several names. Source: MariaDB manual, "GRANT". */
const namesOfMariadb: Readonly<Record<string, string>> = {
  'ALL': 'ALL PRIVILEGES', 'REPLICA MONITOR': 'SLAVE MONITOR', 'REPLICATION REPLICA ADMIN': 'REPLICATION SLAVE ADMIN', 'REPLICATION REPLICA': 'REPLICATION SLAVE',
}
