import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingPrivileges } from '../../../../src/model/doctor/privileges.ts'
import type { Examination } from '../../../../src/model/doctor/subjects.ts'
import { parseVersion } from '../../../../src/model/topology/version.ts'
import { accountStatements, serverKinds, type ServerKind } from './account-statements.ts'

const versions: Readonly<Record<ServerKind, readonly ReturnType<typeof parseVersion>[]>> = {
  'mysql-8': [parseVersion('8.0.40', 'MySQL'), parseVersion('9.7.0', 'MySQL')],
  'mysql-5.7': [parseVersion('5.7.44', 'MySQL')],
  'mariadb-10': [parseVersion('10.5.9-MariaDB', ''), parseVersion('10.11.9-MariaDB', '')],
  'mariadb-11': [parseVersion('11.8.2-MariaDB', ''), parseVersion('12.0.1-MariaDB', '')],
}

test('an account that is made by the statements lacks nothing that the doctor knows to be needed, on any version they are for', () => {
  for (const { value: kind } of serverKinds) {
    const privileges = accountStatements[kind].flatMap(line => /^GRANT (.+) ON \*\.\*/.exec(line)?.[1]?.split(', ') ?? [])
    for (const version of versions[kind]) {
      // The edge: of an examination only these two are looked at.
      const examination = { privileges, account: 'orchestrator' } as unknown as Examination
      for (const isVital of [true, false]) assert.deepEqual(missingPrivileges(examination, version, isVital), [], `${kind}, vital: ${isVital}`)
    }
  }
})
