import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantedPrivileges } from './granted-privileges.ts'

test('privileges on all schemas are read from every line, static and dynamic', () => {
  assert.deepEqual(grantedPrivileges([
    "GRANT RELOAD, PROCESS, SUPER, REPLICATION SLAVE ON *.* TO `orchestrator`@`%`", "GRANT REPLICATION_SLAVE_ADMIN,CONNECTION_ADMIN ON *.* TO `orchestrator`@`%`",
    "GRANT SELECT ON `mysql`.`slave_master_info` TO `orchestrator`@`%`", "GRANT `ops`@`%` TO `orchestrator`@`%`",
  ]), ['CONNECTION_ADMIN', 'PROCESS', 'RELOAD', 'REPLICATION SLAVE', 'REPLICATION_SLAVE_ADMIN', 'SUPER'])
  assert.deepEqual(grantedPrivileges(["GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' IDENTIFIED BY PASSWORD '*1' WITH GRANT OPTION"]), ['ALL PRIVILEGES'])
})

test('an account that may do nothing is another thing than a server that does not tell', () => {
  assert.deepEqual(grantedPrivileges(['GRANT USAGE ON *.* TO `poor`@`%`']), ['USAGE'])
  assert.deepEqual(grantedPrivileges([]), [])
})
