import { etcdEndpoints } from '../adapters/etcd/options.ts'
import { isIssuerAddress } from '../adapters/identity/issuer-address.ts'
import { wrongProxy } from '../http/authentication/proxies.ts'
import { goPattern } from '../kit/go-pattern.ts'
import { durabilityPolicies } from '../model/planning/durability.ts'
import type { SettingKey } from './keys.ts'
import { generalProblem, type Problem } from './problem.ts'
import type { Draft, Settings } from './settings.ts'

/** One rule over several keys: the original's sentence when it is broken, else null. */
type Rule = readonly [key: SettingKey, broken: (settings: Settings) => string | null]

/** A shorter one could be guessed from what is overheard. */
const raftSecretLengthMin = 16

/** Checked before adjusting, which empties the old names. */
const synonymRules: readonly Rule[] = [
  ['ReplicationLagQuery', ({ ReplicationLagQuery: query, SlaveLagQuery: old }) =>
    query !== '' && old !== '' && query !== old ? "config's ReplicationLagQuery and SlaveLagQuery are synonyms and cannot both be defined" : null],
  ['PostponeReplicaRecoveryOnLagMinutes', ({ PostponeReplicaRecoveryOnLagMinutes: minutes, PostponeSlaveRecoveryOnLagMinutes: old }) =>
    minutes !== 0 && old !== 0 && minutes !== old
      ? "config's PostponeReplicaRecoveryOnLagMinutes and PostponeSlaveRecoveryOnLagMinutes are synonyms and cannot both be defined"
      : null],
]

/** Checked on the adjusted settings. */
const rules: readonly Rule[] = [
  ['DurabilityPolicy', ({ DurabilityPolicy: policies }) => {
    const wrong = Object.entries(policies).find(([, policy]) => !durabilityPolicies.some(known => known === policy))
    return wrong === undefined ? null : `DurabilityPolicy: ${JSON.stringify(wrong[1])} for ${JSON.stringify(wrong[0])} is none of ${durabilityPolicies.join(', ')}`
  }],
  ['FailureConfirmationMillisecondsByCluster', ({ FailureConfirmationMillisecondsByCluster: waits }) => {
    const wrong = Object.entries(waits).find(([, text]) => !/^\d{1,9}$/.test(text))
    return wrong === undefined ? null : `FailureConfirmationMillisecondsByCluster: ${JSON.stringify(wrong[1])} for ${JSON.stringify(wrong[0])} is no number of milliseconds`
  }],
  ['FailMasterPromotionIfSQLThreadNotUpToDate', settings =>
    settings.FailMasterPromotionIfSQLThreadNotUpToDate && settings.DelayMasterPromotionIfSQLThreadNotUpToDate
      ? 'Cannot have both FailMasterPromotionIfSQLThreadNotUpToDate and DelayMasterPromotionIfSQLThreadNotUpToDate enabled'
      : null],
  ['FailMasterPromotionOnLagMinutes', settings =>
    settings.FailMasterPromotionOnLagMinutes > 0 && settings.ReplicationLagQuery === ''
      ? 'nonzero FailMasterPromotionOnLagMinutes requires ReplicationLagQuery to be set'
      : null],
  ['SQLite3DataFile', settings =>
    settings.BackendDB.includes('sqlite') && settings.SQLite3DataFile === '' ? 'SQLite3DataFile must be set when BackendDB is sqlite3' : null],
  ['RaftDataDir', settings =>
    settings.RaftEnabled && settings.RaftDataDir === '' ? 'RaftDataDir must be defined since raft is enabled (RaftEnabled)' : null],
  ['RaftBind', settings => (settings.RaftEnabled && settings.RaftBind === '' ? 'RaftBind must be defined since raft is enabled (RaftEnabled)' : null)],
  ['RaftSecret', ({ RaftEnabled: isOn, RaftSecret: secret }) =>
    isOn && secret !== '' && secret.length < raftSecretLengthMin ? `RaftSecret has ${secret.length} characters; at least ${raftSecretLengthMin} are needed` : null],
  ['RaftSSLCertFile', ({ RaftEnabled: isOn, RaftSSLPrivateKeyFile: key, RaftSSLCertFile: certificate, RaftSSLCAFile: authority }) => {
    const given = [key, certificate, authority].filter(file => file !== '').length
    return isOn && given > 0 && given < 3 ? 'RaftSSLPrivateKeyFile, RaftSSLCertFile and RaftSSLCAFile must be set together' : null
  }],
  ['EtcdEndpoints', ({ EtcdEndpoints: texts, RaftEnabled: byRaft }) => {
    const { endpoints, wrong } = etcdEndpoints(texts)
    if (wrong !== null) return `EtcdEndpoints: ${JSON.stringify(wrong)} is not an address such as http://10.0.0.1:2379`
    return byRaft && endpoints.length > 0 ? 'RaftEnabled and EtcdEndpoints are two ways to make managers one, and cannot both be set' : null
  }],
  ['EtcdPrefix', ({ EtcdPrefix: prefix }) => (/^\/./.test(prefix) ? null : `EtcdPrefix: ${JSON.stringify(prefix)} does not begin with a slash and a name`)],
  ['EtcdSSLCertFile', ({ EtcdSSLCertFile: certificate, EtcdSSLPrivateKeyFile: key }) =>
    (certificate === '') === (key === '') ? null : 'EtcdSSLCertFile and EtcdSSLPrivateKeyFile must be set together'],
  ['EtcdPassword', ({ EtcdUser: user, EtcdPassword: password }) => (user === '' && password !== '' ? 'EtcdPassword is set, and EtcdUser is not' : null)],
  ['TrustedProxyAddresses', ({ TrustedProxyAddresses: texts }) => {
    const wrong = wrongProxy(texts)
    return wrong === null ? null : `TrustedProxyAddresses: ${JSON.stringify(wrong)} is neither an IP address nor a network such as 10.0.0.0/8`
  }],
  ['OAuthIssuer', settings => brokenSignIn(settings)],
  ['UseMutualTLS', ({ UseMutualTLS: mutual, UseSSL: tls, ListenSocket: socket }) =>
    mutual && !tls && socket === '' ? 'UseMutualTLS asks for client certificates, and needs UseSSL' : null],
  ['HTTPAdvertise', settings => (settings.HTTPAdvertise === '' ? null : brokenAdvertise(settings.HTTPAdvertise))],
  ['DeadInstancePollSecondsMultiplyFactor', settings =>
    settings.DeadInstancePollSecondsMultiplyFactor < 1 ? 'DeadInstancePollSecondsMultiplyFactor can not be smaller than 1' : null],
  ['DeadInstancePollSecondsMax', settings =>
    settings.DeadInstancePollSecondsMax < settings.InstancePollSeconds ? 'DeadInstancePollSecondsMax can not be smaller than InstancePollSeconds' : null],
  ['PseudoGTIDPattern', ({ PseudoGTIDPattern: text, PseudoGTIDPatternIsFixedSubstring: fixed }) => {
    const pattern = fixed ? null : goPattern(text)
    if (pattern === null || pattern.ok) return null
    return `PseudoGTIDPattern: ${JSON.stringify(text)} is not a regular expression that compiles (${pattern.failure})`
  }],
]

export const refuseSynonyms = (draft: Draft, file: string | null): readonly Problem[] => broken(synonymRules, draft, file)
export const refuse = (draft: Draft, file: string | null): readonly Problem[] => broken(rules, draft, file)

function broken(table: readonly Rule[], settings: Settings, file: string | null): readonly Problem[] {
  return table.flatMap(([key, check]) => {
    const says = check(settings)
    return says === null ? [] : [generalProblem(says, file, key)]
  })
}

/** Sessions are sealed with a key made of the secret: a shorter one could be guessed from a cookie. */
const clientSecretLengthMin = 16

function brokenSignIn({ OAuthIssuer: issuer, OAuthClientId: id, OAuthClientSecret: secret, OAuthPublicAddress: address }: Settings): string | null {
  if (issuer === '') return null
  if (!isIssuerAddress(issuer)) return `OAuthIssuer: ${JSON.stringify(issuer)} does not begin with https://`
  if (id === '') return 'OAuthIssuer is set, and OAuthClientId is not'
  if (secret.length < clientSecretLengthMin) return `OAuthClientSecret has ${secret.length} characters; at least ${clientSecretLengthMin} are needed, because sessions are sealed with it`
  if (address !== '' && !/^https?:\/\/[^/]/.test(address)) return `OAuthPublicAddress: ${JSON.stringify(address)} does not begin with http:// or https://`
  return null
}

function brokenAdvertise(text: string): string | null {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? []
  const [, authority = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? []
  const [, host = '', port = ''] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? []
  if (scheme === '') return 'If specified, HTTPAdvertise must include scheme (http:// or https://)'
  if (host === '') return 'If specified, HTTPAdvertise must include host name'
  if (port === '') return 'If specified, HTTPAdvertise must include port number'
  if (path !== '') return 'If specified, HTTPAdvertise must not specify a path'
  return null
}
