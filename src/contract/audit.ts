import type { AuditEntry } from '../model/recovery/records.ts'
import { operation, optional } from './operation.ts'

export const audit = operation<readonly AuditEntry[]>()({
  name: 'audit',
  says: 'What was done, newest first, 20 a page.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { page: optional.page('0-based.'), instance: optional.instance('Only what concerns this server.') },
  former: {
    routes: ['audit', 'audit/:page', 'audit/instance/:host/:port', 'audit/instance/:host/:port/:page'], commands: [], answers: 'bare',
  },
})
