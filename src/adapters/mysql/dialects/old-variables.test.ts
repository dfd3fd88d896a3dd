import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVersion } from '../../../model/topology/version.ts'
import { chooseDialect } from './choose.ts'

/** Removed in 8.3 or 8.4, or never known by MariaDB; one unknown variable in a SELECT costs all the others. */
const gone = /master_info_repository|relay_log_info_repository|have_ssl|default_authentication_plugin|expire_logs_days/i

test('no poll of any version asks for a variable that later versions lack', () => {
  for (const version of ['5.7.44', '8.0.21', '8.0.32', '8.2.0', '8.3.0', '8.4.5', '9.7.4', '10.11.19-MariaDB', '11.8.2-MariaDB']) {
    const { variables } = chooseDialect(parseVersion(version, ''))
    assert.doesNotMatch(JSON.stringify(variables), gone, version)
    assert.ok(Object.keys(variables).includes(version.includes('MariaDB') ? 'gtidBinlogPos' : 'gtidExecuted'), `GTID facts are asked of ${version}`)
  }
})
