import { keyList } from '../../src/config/keys.ts'
import { restartKeys } from '../../src/config/restart-keys.ts'
import { entry, example, page, paragraph, section, subsection } from './roff.ts'

/** man 5 orchestrator.conf.json */
export function settingsManual(): string {
  const groups = Map.groupBy(keyList, ([, { group }]) => group)
  return page(
    'orchestrator.conf.json', 5, 'Orchestrator', 'the configuration of orchestrator',
    section(
      'DESCRIPTION',
      paragraph('JSON in which comments (#, //, /* */) and a comma before a closing bracket are allowed. Keys match in any letter case. An unknown key is a warning; a value of the wrong type, out of range or of the wrong form is an error with file, line and column, and nothing starts.'),
      paragraph('${NAME} in a password is taken from the environment. A service reads its files again on SIGHUP; keys that hold only after a restart say so here.'),
      example('{\n  "ListenAddress": ":3000",\n  "BackendDB": "sqlite", "SQLite3DataFile": "/var/lib/orchestrator/orchestrator.sqlite3",\n'
        + '  "MySQLTopologyUser": "orchestrator", "MySQLTopologyPassword": "${ORCHESTRATOR_TOPOLOGY_PASSWORD}",\n  "RecoverMasterClusterFilters": ["*"]\n}'),
    ),
    section('KEYS', ...[...groups].map(([group, entries]) => subsection(group, ...entries.map(keyEntry)))),
    section('SEE ALSO', '.BR orchestrator (1)'),
  )
}

function keyEntry([key, { says, default: value, synonymOf }]: (typeof keyList)[number]): string {
  return entry(key, `${says}${synonymOf === undefined ? '' : ` Older name of ${synonymOf}.`} Default: ${JSON.stringify(value)}.${restartKeys.has(key) ? ' After a restart.' : ''}`)
}
