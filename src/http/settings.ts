import { setting, type SettingValues } from '../kit/setting.ts'

/** Who gets in, who may change things, and how much may be asked (contract security-and-http.md). */
export const httpSettings = {
  method: setting('AuthenticationMethod', '', 'Empty (none), basic, multi, proxy, token or oauth.'),
  user: setting('HTTPAuthUser', '', 'User of basic and multi.'),
  password: setting('HTTPAuthPassword', '', 'Password of basic and multi.'),
  readOnlyPassword: setting('HTTPAuthReadOnlyPassword', '', 'Password of the user readonly under multi; empty: any.'),
  userHeader: setting('AuthUserHeader', 'X-Forwarded-User', 'Header in which the proxy names the user.'),
  trustedProxies: setting<readonly string[]>('TrustedProxyAddresses', [], 'Addresses of proxies whose AuthUserHeader counts; empty: every address.'),
  powerUsers: setting<readonly string[]>('PowerAuthUsers', ['*'], 'Users who may change things under proxy and oauth.'),
  powerGroups: setting<readonly string[]>('PowerAuthGroups', [], 'Groups whose members may.'),
  isReadOnly: setting<boolean>('ReadOnly', false, 'Nobody may change anything.'),
  readersMayTag: setting<boolean>('ReadersMayTag', false, 'Whoever may read may tag, as with the original.'),
  refusesGetWrites: setting<boolean>('RefuseGETWrites', false, 'What changes something is answered to POST alone.'),
  tokenUseSeconds: setting<number>('AccessTokenUseExpirySeconds', 60, 'Seconds within which a new access token must be taken.'),
  tokenMinutes: setting<number>('AccessTokenExpiryMinutes', 1440, 'Minutes for which an access token holds.'),
  requestsPerSecond: setting<number>('HTTPRequestsPerSecond', 0, 'Requests that one address may make in a second; 0: as many as it likes.'),
  issuer: setting('OAuthIssuer', '', 'Address of the OpenID provider.'),
  clientId: setting('OAuthClientId', '', 'What the provider knows this program as.'),
  clientSecret: setting('OAuthClientSecret', '', 'The secret shared with the provider.'),
  scopes: setting<readonly string[]>('OAuthScopes', [], 'Scopes that are asked for beside openid.'),
  publicAddress: setting('OAuthPublicAddress', '', 'Address of this service as browsers see it, prefix included.'),
  userClaim: setting('OAuthUserClaim', '', 'Claim that names the user.'),
  groupsClaim: setting('OAuthGroupsClaim', 'groups', 'Claim that lists the groups of the user.'),
  sessionMinutes: setting<number>('OAuthSessionMinutes', 480, 'Minutes after which a person signs in anew.'),
  usesTls: setting<boolean>('UseSSL', false, 'Serve over TLS.'),
  usesMutualTls: setting<boolean>('UseMutualTLS', false, 'Demand client certificates.'),
  keyFile: setting('SSLPrivateKeyFile', '', 'Private key, PEM.'),
  keyPassword: setting('SSLPrivateKeyPassword', '', 'Password of an encrypted private key.'),
  certificateFile: setting('SSLCertFile', '', 'Certificate, PEM.'),
  authorityFile: setting('SSLCAFile', '', 'Authorities of client certificates, PEM.'),
  skipsVerification: setting<boolean>('SSLSkipVerify', false, 'Do not verify the certificate of the manager that leads; those of clients are always checked.'),
  validUnits: setting<readonly string[]>('SSLValidOUs', [], 'Organisational units a client certificate may carry.'),
  statusNeedsUnit: setting<boolean>('StatusOUVerify', false, 'The status check too needs one.'),
}

export type HttpSettings = SettingValues<typeof httpSettings>
