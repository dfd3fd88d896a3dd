import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type LoadedSettings, loadSettings, type SettingsRequest } from './load-settings.ts'
import { problemText } from './problem.ts'
import { displaySettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-config-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
function file(content: string): string {
  const path = join(folder, `settings-${++count}.json`)
  writeFileSync(path, content)
  return path
}

function load(content: string | Readonly<Record<string, unknown>>, request: SettingsRequest = {}): LoadedSettings {
  const result = loadSettings({ path: file(typeof content === 'string' ? content : JSON.stringify(content)), environment: {}, ...request })
  assert.ok(result.ok, result.ok ? '' : result.failure.problems.map(problemText).join('\n'))
  return result.value
}

function problems(content: string | Readonly<Record<string, unknown>>, request: SettingsRequest = {}): readonly string[] {
  const result = loadSettings({ path: file(typeof content === 'string' ? content : JSON.stringify(content)), environment: {}, ...request })
  assert.ok(!result.ok, 'loaded')
  return result.failure.problems.map(problem => problemText(problem).replace(`${folder}/`, '').replace(/settings-\d+\.json/, 'FILE'))
}

const warnings = (loaded: LoadedSettings): readonly string[] => loaded.warnings.map(problem => problemText(problem).replace(/^.*\.json:/, ''))

test("the user's file with comments behind values and a comma before the closing brace loads as it stands, without a warning", () => {
  const path = fileURLToPath(new URL('../../test/fixtures/config/users-file.conf.json', import.meta.url))
  const result = loadSettings({ path, environment: {} })
  assert.ok(result.ok)
  const { settings } = result.value
  assert.deepEqual(warnings(result.value), [])
  assert.equal(settings.Debug, true)
  assert.equal(settings.MySQLOrchestratorPassword, 'orch#backend//password')
  assert.equal(settings.DiscoverByShowSlaveHosts, true)
  assert.deepEqual(settings.PowerAuthUsers, ['*'])
  assert.deepEqual(settings.RecoverMasterClusterFilters, ['*'])
  assert.deepEqual(settings.RecoverIntermediateMasterClusterFilters, ['*'])
  assert.equal(settings.AuthUserHeader, '')
})

test('a file that gives every key its shipped value loads, and the settings are the effective defaults', () => {
  const rows = JSON.parse(readFileSync(new URL('../../test/fixtures/config/contract-keys.json', import.meta.url), 'utf8')) as readonly { key: string; default: unknown; effectiveDefault?: unknown; legacy?: boolean }[] // a copy of the contract's facts
  const loaded = load(Object.fromEntries(rows.filter(({ key }) => key !== 'DetachLostReplicasAfterMasterFailover').map(row => [row.key, row.default])))
  for (const row of rows) {
    if (!row.legacy) assert.deepEqual((loaded.settings as Readonly<Record<string, unknown>>)[row.key], row.effectiveDefault ?? row.default ?? [], row.key)
  }
  const bare = loadSettings({ path: file('{}'), environment: {} })
  assert.ok(bare.ok)
  assert.deepEqual(bare.value.settings, loaded.settings)
})

test('a durability policy that nobody knows is refused: nothing is promised by a word', () => {
  assert.match(problems({ DurabilityPolicy: { 'alias=shop': 'semisync' } }).join(), /DurabilityPolicy: "semisync" for "alias=shop" is none of none, semi-sync, cross-dc-semi-sync/)
  assert.match(problems({ FailureConfirmationMillisecondsByCluster: { 'alias=shop': 'soon' } }).join(), /"soon" for "alias=shop" is no number of milliseconds/)
  assert.deepEqual(load({ DurabilityPolicy: { '*': 'semi-sync' } }).settings.DurabilityPolicy, { '*': 'semi-sync' })
})

test('without any file the defaults hold, adjusted', () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty, { recursive: true })
  const result = loadSettings({ workingDirectory: empty, environment: {} })
  assert.ok(result.ok)
  assert.equal(result.value.settings.KVClusterMasterPrefix, 'mysql/master/')
  assert.ok(Object.isFrozen(result.value.settings))
})

test('files of the search path are merged: values and lists are replaced, maps are merged by key', () => {
  const directory = join(folder, 'search')
  mkdirSync(join(directory, 'conf'), { recursive: true })
  writeFileSync(join(directory, 'conf', 'orchestrator.conf.json'), '{"InstancePollSeconds": 2, "PowerAuthUsers": ["a", "b"], "ClusterNameToAlias": {"one": "1", "two": "2"}, "WebMessage": "first"}')
  writeFileSync(join(directory, 'orchestrator.conf.json'), '{"instancepollseconds": 3, "PowerAuthUsers": ["c"], "ClusterNameToAlias": {"two": "zwei"}, "WebMessage": null}')
  const result = loadSettings({ workingDirectory: directory, environment: {} })
  assert.ok(result.ok)
  const { settings, files } = result.value
  assert.deepEqual(files.filter(path => path.startsWith(directory)).map(path => path.slice(directory.length)), ['/conf/orchestrator.conf.json', '/orchestrator.conf.json'])
  assert.equal(settings.InstancePollSeconds, 3)
  assert.deepEqual(settings.PowerAuthUsers, ['c'])
  assert.deepEqual(settings.ClusterNameToAlias, { one: '1', two: 'zwei' })
  assert.equal(settings.WebMessage, 'first')
})

test('null empties a list and a map', () => {
  const { settings } = load({ PowerAuthUsers: null, ClusterNameToAlias: null, InstancePollSeconds: null })
  assert.deepEqual([settings.PowerAuthUsers, settings.ClusterNameToAlias, settings.InstancePollSeconds], [[], {}, 5])
})

test('a file named on the command line must be there', () => {
  const path = join(folder, 'nowhere.json')
  const result = loadSettings({ path, environment: {} })
  assert.ok(!result.ok)
  assert.deepEqual(result.failure.problems.map(problemText), [`Cannot read config file: ${path} open ${path}: no such file or directory`])
  const inFolder = loadSettings({ path: folder, environment: {} })
  assert.ok(!inFolder.ok)
  assert.match(inFolder.failure.problems.map(problemText).join(), /Cannot read config file: .* read .*: is a directory/)
})

test('a syntax error is told with file, line and column', () => {
  assert.deepEqual(problems('{\n  "Debug": true\n  "ReadOnly": true\n}'), ['FILE:3:3: Cannot read config file: expected , or }, found "\\""'])
  assert.deepEqual(problems('[]'), ['FILE:1:1: expected an object: { "Key": value, … }'])
})

test('every bad value of a file is told at once, with place, key, value and rule', () => {
  assert.deepEqual(
    problems('{\n "InstancePollSeconds": "5",\n "Debug": "yes",\n "DiscoveryMaxConcurrency": -1,\n "UnseenInstanceForgetHours": 1.5,\n "PowerAuthUsers": "me",\n' +
      ' "DefaultInstancePort": 70000,\n "DataCenterPattern": "dc(",\n "RecoverMasterClusterFilters": ["*", "alias~=(", "alias=("],\n "DiscoverySeeds": ["db1:x"],\n' +
      ' "ListenAddress": "3000",\n "BackendDB": "postgres",\n "InstancePollSeconds": 0 }').map(text => text.replace(/ \(Invalid.*\)$/, '')),
    [
      'FILE:2:25: InstancePollSeconds: "5" is not a whole number, 0 or more',
      'FILE:3:11: Debug: "yes" is not true or false',
      'FILE:4:29: DiscoveryMaxConcurrency: -1 is not a whole number, 0 or more',
      'FILE:5:31: UnseenInstanceForgetHours: 1.5 is not a whole number, 0 or more',
      'FILE:6:20: PowerAuthUsers: "me" is not a list of texts',
      'FILE:7:25: DefaultInstancePort: 70000 is more than 65535, the most allowed',
      'FILE:8:23: DataCenterPattern: "dc(" is not a regular expression that compiles',
      'FILE:9:33: RecoverMasterClusterFilters: "alias~=(" is not a regular expression that compiles',
      'FILE:10:20: DiscoverySeeds: "db1:x" is not host:port',
      'FILE:11:19: ListenAddress: "3000" is not an address to listen on: host:port, or :port for every interface',
      'FILE:12:15: BackendDB: "postgres" is neither mysql nor sqlite',
      'FILE:13:25: InstancePollSeconds: 0 is less than 1, the least allowed',
    ],
  )
})

test('a secret is in no message and masked where settings are shown', () => {
  assert.deepEqual(problems('{"MySQLTopologyPassword": 12345}'), ['FILE:1:27: MySQLTopologyPassword: the value (not shown) is not a text'])
  const shown = displaySettings(load({ HTTPAuthPassword: 'hush', ConsulAclToken: '' }).settings)
  assert.equal(shown.HTTPAuthPassword, '********')
  assert.equal(shown.ConsulAclToken, '')
  assert.doesNotMatch(JSON.stringify(shown), /hush/)
})

test('unknown, legacy and repeated keys warn, and words without meaning too', () => {
  const loaded = load('{\n "InstancePolSeconds": 1,\n "Colour": {"any": ["thing"]},\n "SlaveStartPostWaitMilliseconds": "whatever",\n "OAuthClientId": "x",\n "debug": true,\n "Debug": false,\n "AuthenticationMethod": "Basik",\n "HostnameResolveMethod": "CNAME"\n} trailing')
  assert.equal(loaded.settings.Debug, false)
  assert.deepEqual(warnings(loaded), [
    '2:2: unknown key InstancePolSeconds; did you mean InstancePollSeconds?',
    '3:2: unknown key Colour',
    '4:2: SlaveStartPostWaitMilliseconds has no effect. Pause after starting replication before its state was read; gone.',
    '7:2: Debug is given twice; this value counts, not the one in line 6',
    '8:2: AuthenticationMethod: "Basik" is none of the known words ("", "basic", "multi", "proxy", "token", "oauth")',
    '10:3: what follows the first complete value is not read',
  ])
})

test('a password of the servers or of the back end that contains ${NAME} becomes that variable as a whole; a key that is no secret does not', () => {
  const loaded = load(
    { MySQLTopologyPassword: 'x${SECRET}y', MySQLOrchestratorPassword: '${MISSING}', MySQLTopologyUser: '${SECRET}', HTTPAuthPassword: 'x${SECRET}', WebMessage: '$SECRET' },
    { environment: { SECRET: 'hidden' } },
  )
  const { settings } = loaded
  assert.deepEqual([settings.MySQLTopologyPassword, settings.MySQLOrchestratorPassword, settings.MySQLTopologyUser, settings.HTTPAuthPassword], ['hidden', '', '${SECRET}', 'x${SECRET}'])
  assert.deepEqual(warnings(loaded), ['MySQLOrchestratorPassword: the environment variable it names is not set; the password is empty'])
})

test('another secret that is nothing but ${NAME} becomes that variable, and nothing starts where it is not set', () => {
  const secrets = { HTTPAuthPassword: '${ONE}', RaftSecret: '${TWO}', SSLPrivateKeyPassword: 'literally ${ONE}' }
  const { settings } = load(secrets, { environment: { ONE: 'of the page', TWO: 'of the group, and long' } })
  assert.deepEqual([settings.HTTPAuthPassword, settings.RaftSecret, settings.SSLPrivateKeyPassword], ['of the page', 'of the group, and long', 'literally ${ONE}'])
  assert.deepEqual(problems(secrets, { environment: { ONE: '', TWO: 'of the group, and long' } }), ['HTTPAuthPassword: the environment variable ONE is not set, or empty'])
  // Told again by a later file, or kept by a reload, a value from the environment is never looked at as if it were written there.
  const kept = load('{}', { previous: load(secrets, { environment: { ONE: '${TWO}', TWO: 'of the group, and long' } }), environment: {} })
  assert.equal(kept.settings.HTTPAuthPassword, '${TWO}')
})

test('a credentials file overwrites user and password', () => {
  const path = join(folder, 'credentials.cnf')
  writeFileSync(path, '[client]\nuser = fromfile\npassword = "${SECRET}"\n')
  const { settings } = load({ MySQLTopologyCredentialsConfigFile: path, MySQLTopologyUser: 'gone', MySQLTopologyPassword: 'gone' }, { environment: { SECRET: 'hidden' } })
  assert.deepEqual([settings.MySQLTopologyUser, settings.MySQLTopologyPassword], ['fromfile', 'hidden'])
  assert.match(problems({ MySQLOrchestratorCredentialsConfigFile: '/nowhere.cnf' }).join(), /MySQLOrchestratorCredentialsConfigFile: Cannot read credentials file: open \/nowhere.cnf: no such file/)
  writeFileSync(path, "[client]\npassword = 'hush'\n")
  assert.match(problems({ MySQLTopologyCredentialsConfigFile: path }).join(), /credentials.cnf:2: MySQLTopologyCredentialsConfigFile: the value of password is not written right/)
})

test('old names are taken over, and a new name that is written down counts', () => {
  assert.equal(load({ SlaveLagQuery: 'select 1' }).settings.ReplicationLagQuery, 'select 1')
  assert.equal(load({ PostponeSlaveRecoveryOnLagMinutes: 7 }).settings.PostponeReplicaRecoveryOnLagMinutes, 7)
  assert.equal(load({ MasterFailoverDetachSlaveMasterHost: true }).settings.MasterFailoverDetachReplicaMasterHost, true)
  assert.equal(load({}).settings.DetachLostReplicasAfterMasterFailover, true)
  assert.equal(load({ DetachLostSlavesAfterMasterFailover: false }).settings.DetachLostReplicasAfterMasterFailover, false)
  assert.equal(load({ DetachLostReplicasAfterMasterFailover: false }).settings.DetachLostReplicasAfterMasterFailover, false)
})

test('RecoveryPeriodBlockMinutes counts only when the seconds are 0, and says so when it does not', () => {
  assert.equal(load({ RecoveryPeriodBlockMinutes: 5, RecoveryPeriodBlockSeconds: 0 }).settings.RecoveryPeriodBlockSeconds, 300)
  const loaded = load({ RecoveryPeriodBlockMinutes: 5 })
  assert.equal(loaded.settings.RecoveryPeriodBlockSeconds, 3600)
  assert.match(warnings(loaded).join(), /RecoveryPeriodBlockMinutes has no effect/)
})

test('values that follow from others are adjusted', () => {
  const { settings } = load({ URLPrefix: '//orc/', RaftBind: 'me:1', KVClusterMasterPrefix: 'a/b//', AutoPseudoGTID: true, ConsulMaxKVsPerTransaction: 1000, ReasonableReplicationLagSeconds: 33 })
  assert.equal(settings.URLPrefix, '/orc')
  assert.equal(settings.RaftAdvertise, 'me:1')
  assert.equal(settings.KVClusterMasterPrefix, 'a/b/')
  assert.deepEqual([settings.PseudoGTIDPattern, settings.PseudoGTIDPatternIsFixedSubstring, settings.PseudoGTIDMonotonicHint, settings.DetectPseudoGTIDQuery], ['drop view if exists `_pseudo_gtid_`', true, 'asc:', 'select 1'])
  assert.equal(settings.ConsulMaxKVsPerTransaction, 64)
  assert.equal(settings.ReasonableLockedSemiSyncMasterSeconds, 33)
  assert.equal(load({ URLPrefix: '/' }).settings.URLPrefix, '')
})

test("what contradicts itself is refused with the original's sentence", () => {
  const refused: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ ReplicationLagQuery: 'a', SlaveLagQuery: 'b' }, "config's ReplicationLagQuery and SlaveLagQuery are synonyms and cannot both be defined"],
    [{ PostponeReplicaRecoveryOnLagMinutes: 1, PostponeSlaveRecoveryOnLagMinutes: 2 }, "config's PostponeReplicaRecoveryOnLagMinutes and PostponeSlaveRecoveryOnLagMinutes are synonyms and cannot both be defined"],
    [{ FailMasterPromotionIfSQLThreadNotUpToDate: true, DelayMasterPromotionIfSQLThreadNotUpToDate: true }, 'Cannot have both FailMasterPromotionIfSQLThreadNotUpToDate and DelayMasterPromotionIfSQLThreadNotUpToDate enabled'],
    [{ FailMasterPromotionOnLagMinutes: 1 }, 'nonzero FailMasterPromotionOnLagMinutes requires ReplicationLagQuery to be set'],
    [{ BackendDB: 'sqlite3' }, 'SQLite3DataFile must be set when BackendDB is sqlite3'],
    [{ RaftEnabled: true }, 'RaftDataDir must be defined since raft is enabled (RaftEnabled)'],
    [{ RaftEnabled: true, RaftDataDir: '/x', RaftBind: '' }, 'RaftBind must be defined since raft is enabled (RaftEnabled)'],
    [{ RaftEnabled: true, RaftDataDir: '/x', RaftSecret: 'short' }, 'RaftSecret has 5 characters; at least 16 are needed'],
    [{ RaftEnabled: true, RaftDataDir: '/x', RaftSSLCAFile: '/ca' }, 'RaftSSLPrivateKeyFile, RaftSSLCertFile and RaftSSLCAFile must be set together'],
    [{ HTTPAdvertise: 'host:80' }, 'If specified, HTTPAdvertise must include scheme (http:// or https://)'],
    [{ HTTPAdvertise: 'http://:80' }, 'If specified, HTTPAdvertise must include host name'],
    [{ HTTPAdvertise: 'http://host' }, 'If specified, HTTPAdvertise must include port number'],
    [{ HTTPAdvertise: 'http://host:80/' }, 'If specified, HTTPAdvertise must not specify a path'],
    [{ DeadInstancePollSecondsMultiplyFactor: 0.5 }, 'DeadInstancePollSecondsMultiplyFactor can not be smaller than 1'],
    [{ InstancePollSeconds: 400 }, 'DeadInstancePollSecondsMax can not be smaller than InstancePollSeconds'],
  ]
  for (const [content, sentence] of refused) assert.deepEqual(problems(content), [`FILE: ${sentence}`])
  assert.equal(load({ HTTPAdvertise: 'http://host:80' }).settings.HTTPAdvertise, 'http://host:80')
  assert.equal(load({ ReplicationLagQuery: 'a', SlaveLagQuery: 'a' }).settings.ReplicationLagQuery, 'a')
})

test('the command line wins over the files and is checked with them', () => {
  assert.equal(load({ Debug: false }, { overrides: { Debug: true } }).settings.Debug, true)
  assert.deepEqual(problems({}, { overrides: { BackendDB: 'sqlite' } }), ['SQLite3DataFile must be set when BackendDB is sqlite3'])
})

test('a reload keeps what no file gives, reads one more file, and leaves the old value alone when it fails', () => {
  const first = load({ InstancePollSeconds: 2, DetachLostReplicasAfterMasterFailover: false, MySQLTopologyPassword: '${P}' }, { environment: { P: 'a${b}c' } })
  const extra = file('{"ReadOnly": true}')
  const again = load({ WebMessage: 'hello' }, { previous: first, also: extra })
  assert.deepEqual([again.settings.InstancePollSeconds, again.settings.DetachLostReplicasAfterMasterFailover, again.settings.WebMessage, again.settings.ReadOnly], [2, false, 'hello', true])
  assert.equal(again.settings.MySQLTopologyPassword, 'a${b}c')
  assert.equal(load({}, { previous: first, also: join(folder, 'missing.json') }).settings.InstancePollSeconds, 2)
  problems('{', { previous: first })
  assert.equal(first.settings.WebMessage, '')
})

test('without a database everything is in memory, unless a backend is named', () => {
  const alone = load({ DatabaselessMode__experimental: true })
  assert.deepEqual([alone.settings.BackendDB, alone.settings.SQLite3DataFile], ['sqlite', ':memory:'])
  assert.match(warnings(alone).join(), /remembered in memory alone/)
  for (const named of [{ MySQLOrchestratorHost: 'db' }, { BackendDB: 'sqlite', SQLite3DataFile: '/var/lib/o.db' }]) {
    const { settings, warnings: said } = load({ DatabaselessMode__experimental: true, ...named })
    assert.deepEqual([settings.BackendDB, settings.SQLite3DataFile], [named.BackendDB ?? 'mysql', named.SQLite3DataFile ?? ''])
    assert.match(said.map(problemText).join(), /no effect, because a backend is named/)
  }
  assert.equal(load({ DatabaselessMode__experimental: false }).settings.BackendDB, 'mysql')
})

test('a password within an address is masked as well', () => {
  const { settings } = load({ PublicationWebhooks: ['https://hook:word@example.com/a?b=c', 'https://example.com/x:y@z'], DetectClusterAliasQuery: 'select 1' })
  assert.deepEqual(displaySettings(settings).PublicationWebhooks, ['https://hook:********@example.com/a?b=c', 'https://example.com/x:y@z'])
})
