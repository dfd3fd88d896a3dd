import { operation, optional } from './operation.ts'

export const accessToken = operation<{ readonly publicToken: string }>()({
  name: 'access-token',
  says: 'A new access token: whoever opens /web/access-token?publicToken=… first, within AccessTokenUseExpirySeconds, may change things.',
  on: 'service', access: 'write', dangerLevel: 1, plans: false,
  input: { owner: optional.text('Whose it is; the audit names them.') },
  former: { routes: [], commands: ['access-token'], section: 'Meta', answers: 'bare' },
})
